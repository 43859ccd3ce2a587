import { CancellationScope, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

const { transcode, removePartialFile } = proxyActivities<Activities>({
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '5 s',
  // It writes on until a heartbeat tells it; only then is the file removed for good.
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
});

export async function transcodeVideo({ title, seconds }: { title: string; seconds: number }) {
  try {
    return await transcode(title, seconds);
  } catch (error) {
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => removePartialFile());
    throw error;
  }
}
