import type { RecordStart, RunDescription, Workflow } from '@runledger/contracts';
import { ExecutionError, TemporalId, WorkflowRef } from '@runledger/contracts';
import { z } from 'zod';
import type { CallerContext } from '../context.ts';
import type { ExecutionRules } from '../execution-rules.ts';
import { shortText } from '../request.ts';
import { requireReadable } from '../whose.ts';
import { workflowNotFound } from '../workflow-not-found.ts';

export const TrackRequest = z.object({
  /** The workflow that it is an execution of: its type is the one that Temporal says. */
  workflowId: WorkflowRef,
  /** As Temporal knows it, in the namespace of the workflow. */
  temporalWorkflowId: TemporalId,
  /** Any run of it. Needed for one that has ended; default: the one that is open. */
  runId: TemporalId.optional(),
  /** Whose execution it becomes. Default: the caller's. */
  userId: shortText(255).optional(),
});

/**
 * - `tracked`: it is an execution from now on, and followed as any other.
 * - `already_tracked`: the ledger had it; nothing changed.
 */
export const TrackResult = z.enum(['tracked', 'already_tracked']);

/**
 * Takes over what was started elsewhere. Operators only: Temporal does not say whose it is, so that others could take what is
 * not theirs, and read its output.
 *
 * How it stands is recorded at once. Where that fails, it is taken over all the same and the monitor records it.
 * @throws ExecutionError `permission_denied`, `not_found`, `invalid_input`, `illegal_transition`
 */
export async function trackExecution(
  ctx: CallerContext,
  rules: ExecutionRules,
  request: z.output<typeof TrackRequest>,
) {
  const { caller, engine, ledger } = ctx;
  if (!caller.isOperator) throw operatorsOnly();
  const { temporalWorkflowId, runId = null, userId = caller.userId } = request;
  const workflow = await rules.workflows.read(ctx.workflows, userId, request.workflowId);
  if (!workflow) throw workflowNotFound(request.workflowId);
  if (workflow.archivedAt !== null) throw archived(workflow);
  const namespace = workflow.temporalNamespace;
  const run = await engine.describeRun({ namespace, temporalWorkflowId, runId });
  if (!run) throw unknownToTemporal(namespace, request);
  refuseOther(workflow, run, request);

  const { firstRunId, workflowType, startedAt } = run;
  const [answer] = await ledger.adopt([
    {
      ...{ namespace, temporalWorkflowId, firstRunId, workflowType, userId, startedAt },
      ...{ taskQueue: run.taskQueue ?? workflow.taskQueue, workflowId: workflow.id, workflowOwner: null },
      trackedBy: caller.userId,
    },
  ]);
  const executionId = answer?.executionId;
  if (answer?.result === 'unknown_user') throw noSuchUser(userId);
  if (!executionId) throw workflowNotFound(request.workflowId);
  if (answer?.result === 'adopted')
    await recordAsItStands(ctx, { executionId, namespace, temporalWorkflowId, firstRunId });
  return {
    result: answer?.result === 'adopted' ? ('tracked' as const) : ('already_tracked' as const),
    execution: await requireReadable(ctx, executionId, { payloads: true }),
  };
}

interface Tracked {
  executionId: string;
  namespace: string;
  temporalWorkflowId: string;
  firstRunId: string;
}

async function recordAsItStands({ engine, ledger, log, requestId }: CallerContext, tracked: Tracked): Promise<void> {
  const { executionId, ...target } = tracked;
  try {
    const resolution = await engine.resolve(target);
    if (resolution.kind === 'not_found') return;
    const by = { executionId, source: 'service' } as const;
    const start: RecordStart =
      resolution.kind === 'open'
        ? { open: { ...by, open: resolution.open } }
        : { outcome: { ...by, outcome: resolution.outcome } };
    await ledger.recordStart(start);
  } catch (error) {
    log.warn({ err: error, executionId, requestId }, 'taken over, left to the monitor');
  }
}

function refuseOther(
  workflow: Workflow,
  run: RunDescription,
  { temporalWorkflowId, runId }: z.output<typeof TrackRequest>,
) {
  if (run.workflowType !== workflow.workflowType) {
    const problem = `is of the type ${run.workflowType} in Temporal, the workflow ${workflow.name} of ${workflow.workflowType}`;
    const fields = { temporalWorkflowId: [problem] };
    throw new ExecutionError('invalid_input', `temporalWorkflowId ${problem}.`, { fields });
  }
  if (run.isOpen || runId !== undefined) return;
  throw new ExecutionError(
    'illegal_transition',
    `The workflow ${temporalWorkflowId} has ended in Temporal. To take it over as it ended, name its run: runId ${run.runId}.`,
  );
}

function unknownToTemporal(namespace: string, { temporalWorkflowId, runId }: z.output<typeof TrackRequest>) {
  const run = runId === undefined ? '' : ` with a run ${runId}`;
  return new ExecutionError(
    'not_found',
    `Temporal knows no workflow ${temporalWorkflowId}${run} in the namespace ${namespace}: it was never started there, or its retention is over.`,
  );
}

function noSuchUser(userId: string) {
  const problem = `must be a user of this application; there is none ${userId}`;
  return new ExecutionError('invalid_input', `userId ${problem}.`, { fields: { userId: [problem] } });
}

const archived = ({ name }: Workflow) =>
  new ExecutionError('not_startable', `The workflow ${name} is archived; its owner can restore it.`);

const operatorsOnly = () =>
  new ExecutionError(
    'permission_denied',
    'Only operators of this host take over what was started elsewhere. createExecution starts an execution of your own; adoption rules take over all of a kind.',
  );
