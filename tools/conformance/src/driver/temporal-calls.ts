import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import proto from '@temporalio/proto';
import { insist, until } from '../insist.ts';
import { SCRIPT_TYPE, TASK_QUEUE } from '../steps.ts';
import type { Driver } from './driver.ts';
import { runSchedule } from './run-schedule.ts';

const { EventType, ResetReapplyExcludeType } = proto.temporal.api.enums.v1;

/** What happened after the task that a reset goes back to, and is not done again. */
const LEFT_OUT = {
  signals: ResetReapplyExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL,
  cancel: ResetReapplyExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_CANCEL_REQUEST,
} as const;

/** How long one attempt may take. */
const CALL_MS = 10_000;

type TemporalCalls = Pick<
  Driver,
  | 'newWorkflowId'
  | 'start'
  | 'signal'
  | 'signalIfOpen'
  | 'cancel'
  | 'terminate'
  | 'reset'
  | 'resetAgain'
  | 'untilBegun'
  | 'untilClosed'
  | 'untilRuns'
  | 'runSchedule'
> & { firstRunOf(workflowId: string): Promise<string> };

/** What somebody does with Temporal's own tools, past Runledger. */
export function createTemporalCalls(client: Client): TemporalCalls {
  const call = <T>(work: () => Promise<T>, isFinal?: (error: unknown) => boolean) =>
    insist(() => client.withDeadline(Date.now() + CALL_MS, work), isFinal);
  const isGone = (error: unknown) => error instanceof WorkflowNotFoundError;
  /** Of what is closed already, by an attempt whose answer was lost. */
  const unlessClosed = (work: () => Promise<unknown>) =>
    call(work, isGone).catch((error) => {
      if (!isGone(error)) throw error;
    });
  const describe = (workflowId: string, runId?: string) =>
    call(() => client.workflow.getHandle(workflowId, runId).describe(), isGone);

  const firstRunOf = (workflowId: string) =>
    until(`The start of ${workflowId}`, async () => {
      try {
        return (await describe(workflowId)).raw.workflowExecutionInfo?.firstRunId || null;
      } catch (error) {
        if (isGone(error)) return null;
        throw error;
      }
    });

  /** A reset needs a workflow task that was completed. */
  const firstCompletedTask = (workflowId: string, runId: string) =>
    until(`The first workflow task of ${workflowId}`, async () => {
      const { events } = await call(() => client.workflow.getHandle(workflowId, runId).fetchHistory());
      return (
        events?.find(({ eventType }) => eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED)?.eventId ?? null
      );
    });

  async function resetRequest(workflowId: string, runId: string, without: readonly (keyof typeof LEFT_OUT)[]) {
    return {
      namespace: client.options.namespace,
      workflowExecution: { workflowId, runId },
      reason: 'once more',
      requestId: randomUUID(),
      workflowTaskFinishEventId: await firstCompletedTask(workflowId, runId),
      resetReapplyExcludeTypes: without.map((what) => LEFT_OUT[what]),
    };
  }

  /**
   * An attempt whose answer was lost is told by the run that follows. Temporal may do it until its deadline is over; done after
   * the reset that comes next, it would be a run that nobody asked for: it knows a request by the newest run alone.
   */
  function resetOnce(
    request: Awaited<ReturnType<typeof resetRequest>>,
    follower: () => Promise<string | null>,
  ): Promise<string> {
    let mayBeDoneUntil = 0;
    return insist(async () => {
      for (;;) {
        const followed = await follower();
        if (followed) return followed;
        if (Date.now() >= mayBeDoneUntil) break;
        await new Promise((next) => setTimeout(next, 150));
      }
      const deadline = Date.now() + CALL_MS;
      try {
        return await client.withDeadline(deadline, () =>
          client.workflowService.resetWorkflowExecution(request).then(({ runId }) => runId),
        );
      } catch (error) {
        mayBeDoneUntil = deadline;
        throw error;
      }
    });
  }

  return {
    firstRunOf,
    newWorkflowId: () => `conformance-${randomUUID()}`,
    async start(steps, { workflowType = SCRIPT_TYPE, workflowId = `conformance-${randomUUID()}`, more = {} } = {}) {
      // Names this start, so that a repeat is told apart from somebody who was there before.
      const token = randomUUID();
      const options = { workflowId, taskQueue: TASK_QUEUE, args: [{ steps }], ...more };
      const request = { ...options, memo: { ...more.memo, startToken: token } };
      const isTaken = (error: unknown) => error instanceof WorkflowExecutionAlreadyStartedError;
      try {
        const { firstExecutionRunId } = await call(() => client.workflow.start(workflowType, request), isTaken);
        return { workflowId, firstRunId: firstExecutionRunId };
      } catch (error) {
        if (!isTaken(error)) throw error;
        const { memo } = await describe(workflowId);
        if (memo?.startToken !== token) throw error;
        return { workflowId, firstRunId: await firstRunOf(workflowId) };
      }
    },
    async signal({ workflowId, firstRunId }) {
      // A reset leaves a signal out only where it came after the task that it goes back to.
      await firstCompletedTask(workflowId, firstRunId);
      await call(() => client.workflow.getHandle(workflowId).signal('go'), isGone);
    },
    async signalIfOpen({ workflowId }) {
      const sent = call(() => client.workflow.getHandle(workflowId).signal('go'), isGone);
      return sent.then(
        () => true,
        (error) => {
          if (!isGone(error)) throw error;
          return false;
        },
      );
    },
    async cancel({ workflowId }) {
      await unlessClosed(() => client.workflow.getHandle(workflowId).cancel());
    },
    async terminate({ workflowId }) {
      await unlessClosed(() => client.workflow.getHandle(workflowId).terminate('stopped in Temporal'));
    },
    async reset({ workflowId, firstRunId }, { runId = firstRunId, without = [] } = {}) {
      const resetRunId = async () => (await describe(workflowId, runId)).raw.workflowExtendedInfo?.resetRunId;
      return resetOnce(await resetRequest(workflowId, runId, without), async () => (await resetRunId()) || null);
    },
    async resetAgain({ workflowId, firstRunId }) {
      const resetRunId = async () => (await describe(workflowId, firstRunId)).raw.workflowExtendedInfo?.resetRunId;
      const before = await resetRunId();
      return resetOnce(await resetRequest(workflowId, firstRunId, []), async () => {
        const now = await resetRunId();
        return now && now !== before ? now : null;
      });
    },
    async untilBegun({ workflowId, firstRunId }) {
      await firstCompletedTask(workflowId, firstRunId);
    },
    async untilClosed({ workflowId }) {
      await until(`The end of ${workflowId} in Temporal`, async () =>
        (await describe(workflowId)).closeTime === undefined ? null : true,
      );
    },
    untilRuns: ({ workflowId }, runs) =>
      until(`Run ${runs} of ${workflowId}`, async () => {
        const { count } = await call(() => client.workflow.count(`WorkflowId = "${workflowId}"`));
        return count >= runs ? (await describe(workflowId)).runId : null;
      }),
    runSchedule: (workflowType, steps) => runSchedule({ client, call }, workflowType, steps),
  };
}
