import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { MonitorActivities } from './monitor-activities.ts';

const { followExecutions } = proxyActivities<Pick<MonitorActivities, 'followExecutions'>>({
  // A holder that dies is replaced within this time; it beats every second.
  heartbeatTimeout: '5s',
  startToCloseTimeout: '24h',
  retry: { initialInterval: '500ms', backoffCoefficient: 1 },
});

/**
 * Keeps exactly one monitor alive: Temporal hands its one activity to a worker, and to another one when that dies. The
 * activity ends by itself twice a day, so that the history stays short.
 */
export async function runledgerMonitor(): Promise<void> {
  await followExecutions();
  await continueAsNew<typeof runledgerMonitor>();
}
