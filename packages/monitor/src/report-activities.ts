import { createHash } from 'node:crypto';
import type {
  ExecutionService,
  MarkResult,
  ProgressReport,
  ProgressResult,
  ReportOptions,
  TerminalStatus,
} from '@runledger/contracts';
import { ERRORS, isExecutionError, storableValue } from '@runledger/contracts';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';

export interface OutcomeReport {
  /** Row id or Temporal workflow id. Default: the workflow that runs this activity. */
  executionId?: string;
  status: TerminalStatus;
  output?: unknown;
  /** A message, an Error, or anything JSON. */
  error?: unknown;
  durationMs?: number;
  /** What the business makes of it, beside the status: `rejected`. */
  verdict?: string;
}

export interface ReportActivities {
  /**
   * Reports how the calling workflow ends. All attempts carry the same report id, so that a retry gets the first one's
   * answer. The engine's own outcome confirms or corrects it afterwards.
   */
  reportOutcome(report: OutcomeReport): Promise<MarkResult>;
  /**
   * Says how far the calling workflow has got. At most one report a second is written of each, merged with those that came
   * meanwhile. Best called as a local activity.
   */
  reportProgress(report: ProgressReport & { executionId?: string }): Promise<ProgressResult>;
}

/** Largest reason that is written out, in bytes of JSON. */
const REASON_LIMIT_BYTES = 100_000;

type Service = Pick<
  ExecutionService,
  'markCompleted' | 'markFailed' | 'markCancelled' | 'markTimedOut' | 'markTerminated' | 'reportProgress'
>;

const MARKS = {
  completed: (service, id, { output, durationMs }, options) => service.markCompleted(id, output, durationMs, options),
  failed: (service, id, { error, durationMs }, options) => service.markFailed(id, error, durationMs, options),
  cancelled: (service, id, { error, durationMs }, options) =>
    service.markCancelled(id, reasonOf(error), durationMs, options),
  timed_out: (service, id, { error, durationMs }, options) =>
    service.markTimedOut(id, reasonOf(error), durationMs, options),
  terminated: (service, id, { error, durationMs }, options) =>
    service.markTerminated(id, reasonOf(error), durationMs, options),
} satisfies Record<
  TerminalStatus,
  (service: Service, id: string, report: OutcomeReport, options: ReportOptions) => Promise<MarkResult>
>;

/** Activities for workers that report their workflows' ends themselves, ahead of the monitor. */
export function createReportActivities({ service }: { service: Service }): ReportActivities {
  return {
    async reportProgress({ executionId, ...report }) {
      const { workflowId, runId } = Context.current().info.workflowExecution ?? {};
      const id = executionId ?? workflowId;
      if (!id)
        throw ApplicationFailure.nonRetryable(
          'reportProgress needs an executionId outside a workflow.',
          'invalid_input',
        );
      try {
        return await service.reportProgress(id, report, executionId === undefined && runId ? { runId } : {});
      } catch (error) {
        throw toApplicationFailure(error);
      }
    },

    async reportOutcome(report) {
      const { workflowExecution, workflowNamespace, activityId, workflowType } = Context.current().info;
      const { workflowId, runId } = workflowExecution ?? { workflowId: undefined, runId: undefined };
      const id = report.executionId ?? workflowId;
      if (!id)
        throw ApplicationFailure.nonRetryable(
          'reportOutcome needs an executionId outside a workflow.',
          'invalid_input',
        );
      const options: ReportOptions = {
        reportId: reportIdOf(workflowNamespace ?? '', workflowId ?? id, runId ?? '', activityId),
        ...(runId ? { runId } : {}),
        actor: `workflow ${workflowType ?? id}`,
        ...(report.verdict === undefined ? {} : { verdict: report.verdict }),
      };
      try {
        return await MARKS[report.status](service, id, report, options);
      } catch (error) {
        throw toApplicationFailure(error);
      }
    },
  };
}

/** One report per scheduled activity: a UUID made of what all its attempts have in common. */
export function reportIdOf(namespace: string, workflowId: string, runId: string, activityId: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([namespace, workflowId, runId, activityId]))
    .digest();
  // RFC 9562, version 8 (custom) and variant bits.
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.subarray(0, 16).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** ExecutionError to Temporal's failure: its type is the code, and only what may go away is tried again. */
export function toApplicationFailure(error: unknown): unknown {
  if (!isExecutionError(error)) return error;
  return ApplicationFailure.create({
    message: error.message,
    type: error.code,
    nonRetryable: !ERRORS[error.code].isRetried,
    cause: error,
  });
}

function reasonOf(error: unknown): string | undefined {
  if (error === undefined || error === null) return undefined;
  if (typeof error === 'string') return error;
  if (error instanceof Error) return error.message;
  // One that is not data must not lose the end.
  const storable = storableValue(error, REASON_LIMIT_BYTES);
  return storable.kind === 'kept' ? JSON.stringify(storable.value) : undefined;
}
