import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type * as activities from './activities.ts';

const { pack, report } = proxyActivities<typeof activities>({ startToCloseTimeout: '30 seconds' });

export async function order({ item }: { item: string }): Promise<{ packed: string }> {
  // The workflow's id is the execution's.
  const execution = workflowInfo().workflowId;
  await report({ execution, progress: { step: 1, steps: 2, message: `packing ${item}` } });
  return { packed: await pack(item) };
}
