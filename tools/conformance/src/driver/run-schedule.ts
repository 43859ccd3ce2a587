import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { ScheduleAlreadyRunning, ScheduleNotFoundError } from '@temporalio/client';
import { until } from '../insist.ts';
import type { Chain } from '../kinds/expectation.ts';
import type { Step } from '../steps.ts';
import { TASK_QUEUE } from '../steps.ts';

const STARTS = 2;

interface Deps {
  client: Client;
  call<T>(work: () => Promise<T>, isFinal?: (error: unknown) => boolean): Promise<T>;
}

/** Lets a schedule start a script twice, a second apart, and deletes it; what it started goes on. */
export async function runSchedule({ client, call }: Deps, workflowType: string, steps: Step[]): Promise<Chain[]> {
  const scheduleId = `conformance-${randomUUID()}`;
  const isThere = (error: unknown) => error instanceof ScheduleAlreadyRunning;
  await call(
    () =>
      client.schedule.create({
        scheduleId,
        spec: { intervals: [{ every: '1s' }] },
        action: { type: 'startWorkflow', workflowType, taskQueue: TASK_QUEUE, args: [{ steps }] },
        policies: { overlap: 'ALLOW_ALL', catchupWindow: '10m' },
        state: { remainingActions: STARTS },
      }),
    isThere,
  ).catch((error) => {
    if (!isThere(error)) throw error;
  });
  const started = await until(`The starts of ${scheduleId}`, async () => {
    const { info } = await call(() => client.schedule.getHandle(scheduleId).describe());
    return info.numActionsTaken >= STARTS ? info.recentActions : null;
  });
  const isGone = (error: unknown) => error instanceof ScheduleNotFoundError;
  await call(() => client.schedule.getHandle(scheduleId).delete(), isGone).catch((error) => {
    if (!isGone(error)) throw error;
  });
  return started.map(({ action }) => ({
    workflowId: action.workflow.workflowId,
    firstRunId: action.workflow.firstExecutionRunId,
  }));
}
