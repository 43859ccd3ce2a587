import { bytesToHex } from '@noble/hashes/utils.js';
import type {
  Admission,
  AdmitRequest,
  FirstRunAnswer,
  Json,
  Ledger,
  QuotaUse,
  RecordAnswer,
  RecordOpen,
  RecordOutcome,
} from '@runledger/contracts';
import { ExecutionError, exactly, isExecutionError } from '@runledger/contracts';
import { v7 as uuidv7 } from 'uuid';
import { requireBatch } from './batch-limit.ts';
import type { CallOptions } from './call-database.ts';
import { CALL_DEFAULTS, callDatabase } from './call-database.ts';
import { sha256Of } from './encoding.ts';
import { toColumns, toExecution } from './from-row.ts';
import { createCounting } from './ledger-counting.ts';
import type { PostgrestFault } from './ledger-error.ts';
import { ledgerError } from './ledger-error.ts';
import { createFollowing } from './ledger-following.ts';
import { createInstallation, SCHEMA_VERSION } from './ledger-installation.ts';
import { createLosses } from './ledger-lost.ts';
import { createNames } from './ledger-names.ts';
import { createProofKeeping } from './ledger-proof.ts';
import { createRequests } from './ledger-requests.ts';
import { createTimelineQueue } from './ledger-timelines.ts';
import { createUsers } from './ledger-users.ts';
import { createViews } from './ledger-views.ts';
import { requireDoubles } from './payload.ts';
import { readRows } from './read-rows.ts';
import type { AnswerRow } from './record-answers.ts';
import { toAnswers } from './record-answers.ts';
import type { SupabaseLike } from './supabase.ts';
import { typed } from './supabase.ts';

/** Keys in order, so that the same input has the same hash however it was written. */
function canonical(value: Json): Json {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, canonical(value[key] as Json)]),
  );
}

const toOpenItem = ({ executionId, source, open, takeBackRevision }: RecordOpen) => ({
  ...open,
  execution: executionId,
  source,
  takeBackRevision,
});

function toOutcomeItem({ executionId, source, outcome }: RecordOutcome) {
  const { closedAt, ...rest } = outcome;
  return { ...rest, execution: executionId, source, authority: 'engine', completedAt: closedAt };
}

/** The same for the same request: the input, and for a rerun also what it repeats. */
const hashRequest = ({ input, rerunOf }: AdmitRequest) =>
  bytesToHex(sha256Of(JSON.stringify(canonical(input)) + (rerunOf?.executionId ?? '')));

/** @throws ExecutionError `invalid_input` where the input has a number that is not a double */
function toRequestItem(request: AdmitRequest) {
  const { workflow, userId: _, input, idempotencyKey, startWithinMs, rerunOf, startOptions, ...given } = request;
  // It is started by whoever reads it back, and a reader gets doubles.
  requireDoubles('input', input);
  return {
    ...toColumns(given),
    id: uuidv7(),
    workflow_id: workflow.id,
    workflow_updated_at: workflow.updatedAt,
    input,
    start_within_ms: startWithinMs,
    ...(startOptions ? { start_options: { ...startOptions } } : {}),
    ...(rerunOf ? { rerun_of: { execution: rerunOf.executionId, reason: rerunOf.reason } } : {}),
    ...(idempotencyKey ? { idempotency_key: idempotencyKey, input_hash: hashRequest(request) } : {}),
  };
}

function itemOrRefusal(request: AdmitRequest) {
  try {
    return toRequestItem(request);
  } catch (error) {
    if (isExecutionError(error)) return error;
    throw error;
  }
}

type AdmissionRow = { execution: object; created: boolean };
/** One of several: as one alone, or what Postgres raised for it. */
type Answer = AdmissionRow | { refused: PostgrestFault } | null;
/** As PostgREST answers a fault of the request. */
const HTTP_BAD_REQUEST = 400;

const toAdmission = (row: AdmissionRow | null): Admission | null =>
  row && { execution: toExecution(row.execution), created: row.created };

const toAdmitted = (answer: Answer): Admission | ExecutionError | null =>
  answer && 'refused' in answer ? ledgerError(answer.refused, HTTP_BAD_REQUEST) : toAdmission(answer);

/** The ledger as the monitor and the router use it, over a client with the service-role key. */
export function createLedger(client: SupabaseLike, options: { call?: Partial<CallOptions> } = {}): Ledger {
  const supabase = typed(client);
  const call: CallOptions = { ...CALL_DEFAULTS, ...options.call };

  return {
    async admit(request) {
      const p_request = { ...toRequestItem(request), created_by: request.userId };
      const answer = await callDatabase(() => supabase.rpc('admit_execution', { p_request: exactly(p_request) }), call);
      return toAdmission(answer as unknown as AdmissionRow | null);
    },

    async admitEach(userId, requests) {
      if (requests.length === 0) return [];
      requireBatch(requests);
      const items = requests.map(itemOrRefusal);
      const p_requests = exactly(items.filter((item) => !isExecutionError(item)));
      const asked = { p_user: userId, p_requests };
      const answers = (await callDatabase(() => supabase.rpc('admit_executions', asked), call)) as unknown as Answer[];
      const next = answers.values();
      return items.map((item) => (isExecutionError(item) ? item : toAdmitted(next.next().value ?? null)));
    },

    async quotas(userId, workflowId) {
      const asked = { p_user_id: userId, ...(workflowId ? { p_workflow_id: workflowId } : {}) };
      return (await callDatabase(() => supabase.rpc('quotas_of', asked), call)) as unknown as QuotaUse[];
    },

    async recordOpen(items) {
      if (items.length === 0) return [];
      requireBatch(items);
      const p_runs = exactly(items.map(toOpenItem));
      return toAnswers(await readRows(supabase, { name: 'record_open', args: { p_runs }, call }));
    },

    async recordOutcomes(items) {
      if (items.length === 0) return [];
      requireBatch(items);
      const p_outcomes = exactly(items.map(toOutcomeItem));
      return toAnswers(await readRows(supabase, { name: 'record_outcomes', args: { p_outcomes }, call }));
    },

    async recordStart(start) {
      const item = 'open' in start ? { open: toOpenItem(start.open) } : { outcome: toOutcomeItem(start.outcome) };
      const answered = await callDatabase(() => supabase.rpc('record_start', { p_start: exactly(item) }), call);
      const { answer, execution } = answered as unknown as { answer: AnswerRow; execution: object | null };
      return { answer: toAnswers([answer])[0] as RecordAnswer, execution: execution && toExecution(execution) };
    },

    async correctFirstRun(executionId, firstRunId, source) {
      const asked = { p_execution: executionId, p_first_run: firstRunId, p_source: source };
      return (await callDatabase(() => supabase.rpc('correct_first_run', asked), call)) as unknown as FirstRunAnswer;
    },

    async requestCancel(executionId, by, reason) {
      const rows = await callDatabase(
        () => supabase.rpc('request_cancel', { p_execution: executionId, p_by: by, p_reason: reason }),
        call,
      );
      return toAnswers(rows)[0] as RecordAnswer;
    },

    ...createFollowing(supabase, call),
    ...createLosses(supabase, call),
    ...createRequests(supabase, call),
    ...createTimelineQueue(supabase, call),
    ...createNames(supabase, call),
    ...createProofKeeping(supabase, call),
    ...createCounting(supabase, call),
    ...createUsers(supabase, call),
    ...createViews(supabase, call),
    ...createInstallation(supabase, call),

    async ping() {
      const version = await callDatabase(() => supabase.rpc('runledger_schema_version'), { ...call, retries: 0 });
      if (version < SCHEMA_VERSION) {
        throw new ExecutionError(
          'schema_outdated',
          `The database has schema version ${version}, and this package needs ${SCHEMA_VERSION}. Apply supabase/migrations.`,
        );
      }
    },
  };
}
