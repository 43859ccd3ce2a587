import type { ExecutionReader, RedactingWorkflow, StatisticsReader } from '@runledger/contracts';
import { redactDetails, redactExecution, redactPayloads, redactProgress, redactTimeline } from '@runledger/contracts';
import type { Caller } from './context.ts';

/** Whoever calls, who reads what workflows redact as redacted. */
export interface RedactedCaller extends Caller {
  /** Reads payloads as they are: for what happens on the server alone. Nothing of it goes into an answer. */
  clear: ExecutionReader;
}

/** What of a workflow's executions a caller may not see, as JSON pointers. */
export function hiddenFrom(caller: Caller, workflow: RedactingWorkflow): readonly string[] {
  return workflow.redact.length > 0 && caller.seesClear?.(workflow) === true ? [] : workflow.redact;
}

/**
 * Reads that have nothing in them that could be redacted, and three that do not know of which workflow it is: rows of lists
 * are redacted where they get their names (`row-facts.ts`), health and the frozen timeline where their execution is read.
 */
type Other =
  | 'list'
  | 'search'
  | 'health'
  | 'timeline'
  | 'requests'
  | 'countByHealth'
  | 'count'
  | 'countEnded'
  // Kinds of failures are redacted by the database, which knows whose they are.
  | keyof StatisticsReader;

/** A caller whose every reading of payloads is redacted: no procedure has to think of it. A new reading does not compile before it is here. */
export function redactedCaller(caller: Caller): RedactedCaller {
  const { reader } = caller;
  const hidden = (workflow: RedactingWorkflow) => hiddenFrom(caller, workflow);
  const redacted: Omit<ExecutionReader, Other> = {
    async get(scope, id, options) {
      const found = await reader.get(scope, id, options);
      return found && redactExecution(found, hidden(found.workflow));
    },
    async details(scope, id, options) {
      const found = await reader.details(scope, id, options);
      return found && redactDetails(found, hidden(found.workflow));
    },
    async detailsWithTimeline(scope, id) {
      const found = await reader.detailsWithTimeline(scope, id);
      if (!found) return null;
      const redact = hidden(found.details.workflow);
      return {
        details: redactDetails(found.details, redact),
        timeline: found.timeline && redactTimeline(found.timeline, redact),
      };
    },
    async compared(scope, id, otherId) {
      const { one, other } = await reader.compared(scope, id, otherId);
      // Before they are compared: whether a hidden value is the same as another is not told either.
      const redact = <Of extends typeof one>(of: Of) =>
        of && {
          execution: redactExecution(of.execution, hidden(of.execution.workflow)),
          timeline: of.timeline && redactTimeline(of.timeline, hidden(of.execution.workflow)),
        };
      return { one: redact(one), other: redact(other) };
    },
    async progress(scope, id) {
      const found = await reader.progress(scope, id);
      return found && { ...found, progress: found.progress && redactProgress(found.progress, hidden(found.workflow)) };
    },
    async payloads(scope, ids) {
      const found = await reader.payloads(scope, ids);
      return new Map([...found].map(([id, of]) => [id, redactPayloads(of, hidden(of.workflow))]));
    },
  };
  return { ...caller, clear: reader, reader: Object.assign(Object.create(reader) as ExecutionReader, redacted) };
}
