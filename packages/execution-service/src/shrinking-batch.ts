import { isExecutionError } from '@runledger/contracts';

/** A step that took less than this could have been twice as large, in milliseconds. */
const QUICK_MS = 1_000;

export interface ShrinkingBatch {
  /** @throws what `step` throws, except `took_too_long` while the size can be halved */
  run<T>(step: (size: number) => Promise<T>): Promise<T>;
}

/**
 * Work in parts whose size follows what the database allows: halved whenever it cancels a part for taking too long, down
 * to `least`, and doubled again, up to `most`, while parts are quick.
 */
export function createShrinkingBatch(most: number, { first = most, least = 1 } = {}): ShrinkingBatch {
  let size = first;
  return {
    async run(step) {
      for (;;) {
        const began = performance.now();
        try {
          const answer = await step(size);
          if (performance.now() - began < QUICK_MS) size = Math.min(most, size * 2);
          return answer;
        } catch (error) {
          if (!tookTooLong(error) || size <= least) throw error;
          size = Math.max(least, Math.floor(size / 2));
        }
      }
    },
  };
}

export const tookTooLong = (error: unknown): boolean => isExecutionError(error) && error.code === 'took_too_long';
