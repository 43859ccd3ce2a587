import type { ExecutionWithWorkflow, Timeline } from '@runledger/contracts';
import { redactTimeline } from '@runledger/contracts';
import type { CallerContext } from './context.ts';
import { hiddenFrom } from './redacted-caller.ts';
import { readScope, requireReadable } from './whose.ts';

const NOTHING: Timeline = { state: 'missing', steps: [], omitted: {}, activitiesExecuted: 0, readAt: null };

/** Steps of an open execution, read from Temporal now; none where it was not started. @throws `engine_unavailable` */
export async function readLiveTimeline(ctx: CallerContext, execution: ExecutionWithWorkflow): Promise<Timeline> {
  const { temporalNamespace: namespace, temporalWorkflowId, currentRunId } = execution;
  if (namespace === null || temporalWorkflowId === null) return NOTHING;
  if (currentRunId === null) return { ...NOTHING, state: 'live' };
  const { state, ...read } = await ctx.engine.readTimeline({ namespace, temporalWorkflowId, runIds: [currentRunId] });
  const live: Timeline = { ...read, state: state === 'missing' ? 'missing' : 'live', readAt: new Date().toISOString() };
  return redactTimeline(live, hiddenFrom(ctx.caller, execution.workflow));
}

/**
 * The steps of the caller's execution: kept by the ledger once it has ended, else read from Temporal now, of its current
 * run. A direct execution has none, and one that was not started has none yet.
 * @throws `not_found`, `engine_unavailable`
 */
export async function readTimeline(ctx: CallerContext, id: string): Promise<Timeline> {
  const execution = await requireReadable(ctx, id, { payloads: false });
  if (execution.temporalNamespace === null || execution.temporalWorkflowId === null) return NOTHING;
  const frozen = await ctx.caller.reader.timeline(readScope(ctx), id);
  return frozen ? redactTimeline(frozen, hiddenFrom(ctx.caller, execution.workflow)) : readLiveTimeline(ctx, execution);
}
