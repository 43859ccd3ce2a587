/** What an execution is: statuses and transitions, schemas, error codes, and the interfaces that the rest implements. */
export * from './adoption.ts';
export { breathe } from './breathe.ts';
export * from './compare-executions.ts';
export * from './count.ts';
export { durationMs } from './duration-text.ts';
export * from './engine.ts';
export * from './engine-knowledge.ts';
export * from './errors.ts';
export { exactly, exactSource } from './exact-number.ts';
export * from './execution.ts';
export * from './execution-details.ts';
export * from './execution-request.ts';
export * from './execution-service.ts';
export * from './explain-execution.ts';
export * from './facts/errors.ts';
export * from './facts/limits.ts';
export * from './facts/outcome.ts';
export * from './facts/redacted.ts';
export * from './facts/statistics.ts';
export {
  byStatusField,
  CANCELLED,
  EXECUTION_STATUSES,
  FAULTY_STATUSES,
  isTerminal,
  OPEN_STATUSES,
  type OpenStatus,
  STATUSES,
  type Stage,
  type StatusField,
  stageOf,
  TERMINAL_STATUSES,
  type TerminalStatus,
  UNSUCCESSFUL_STATUSES,
  type UnsuccessfulStatus,
} from './facts/status.ts';
export * from './facts/user-limits.ts';
export { VERSION } from './facts/version.ts';
export * from './failure.ts';
export * from './failure-groups.ts';
export * from './filter.ts';
export * from './filter-match.ts';
export * from './filter-request.ts';
export * from './filter-window.ts';
export * from './format-duration.ts';
export * from './health-now.ts';
export * from './healths.ts';
export * from './import.ts';
export { issuesSentence, issueWords } from './issue-words.ts';
export * from './json.ts';
export { eachJsonToken } from './json-tokens.ts';
export * from './lag-samples.ts';
export { createLatestWriter, type LatestWriter } from './latest-writer.ts';
export * from './ledger/index.ts';
export * from './listed-execution.ts';
export * from './machine-key.ts';
export { micros } from './micros.ts';
export * from './origins.ts';
export * from './outcome.ts';
export * from './output-notes.ts';
export { pause } from './pause.ts';
export type { DecodedPayloads, PayloadDecoder } from './payload-decoder.ts';
export * from './progress.ts';
export * from './proof.ts';
export * from './proof-problems.ts';
export * from './quota.ts';
export { quoteFailure } from './quoted-failure.ts';
export * from './reached-limit.ts';
export * from './recent-runs.ts';
export * from './redact-execution.ts';
export { hasMarks, restoreRedacted } from './redact-json.ts';
export * from './redaction-rules.ts';
export * from './retention.ts';
export * from './saved-view.ts';
export * from './scope.ts';
export * from './statistics.ts';
export * from './statistics-reader.ts';
export { type Authority, type Change, isLegalChange, type Standing } from './status.ts';
export * from './storable.ts';
export * from './story.ts';
export * from './temporal-id.ts';
export * from './timeline.ts';
export * from './unstorable.ts';
export * from './user.ts';
export * from './usual-durations.ts';
export * from './visibility.ts';
export * from './workflow.ts';
