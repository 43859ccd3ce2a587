import { ApplicationFailure } from '@temporalio/common';
import { condition, defineSignal, proxyActivities, setHandler, sleep } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

const { chargeCard, shipParcel } = proxyActivities<Activities>({
  startToCloseTimeout: '10 s',
  retry: { initialInterval: '300 ms', backoffCoefficient: 1.5, maximumAttempts: 5 },
});

export interface OrderInput {
  item: string;
  quantity: number;
  /** How long a large order waits for its approval. Default: 20. */
  approveWithinSeconds?: number;
}

/** Sent by the back office for orders of ten and more. */
export const approve = defineSignal<[approvedBy: string]>('approve');

export async function order({ item, quantity, approveWithinSeconds = 20 }: OrderInput) {
  let approvedBy: string | null = quantity < 10 ? 'nobody needed to' : null;
  setHandler(approve, (by) => {
    approvedBy = by;
  });
  const receipt = await chargeCard({ item, amountCents: quantity * 450 });
  if (!(await condition(() => approvedBy !== null, approveWithinSeconds * 1_000))) {
    const message = `Nobody approved ${quantity} × ${item} within ${approveWithinSeconds} s`;
    throw ApplicationFailure.nonRetryable(message, 'ApprovalMissing');
  }
  await sleep('1 s');
  const parcel = await shipParcel(item);
  return { receipt, parcel, approvedBy };
}
