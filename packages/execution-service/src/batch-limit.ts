import { ExecutionError } from '@runledger/contracts';

/** Items a call takes at most. */
const BATCH_LIMIT = 1_000;

/** @throws ExecutionError `invalid_input` */
export function requireBatch(items: unknown[]): void {
  if (items.length > BATCH_LIMIT) {
    throw new ExecutionError('invalid_input', `${items.length} items in one call; at most ${BATCH_LIMIT} are taken.`);
  }
}
