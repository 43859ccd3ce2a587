import { isMessageTooLarge } from './grpc-error.ts';

/** How much smaller the next try is. */
const SHRINK = 4;

/**
 * Asks for a page, in ever smaller sizes while the answer is larger than one message may be: a bounded number of events or
 * runs is not a bounded number of bytes. Answers the size that worked, to go on with.
 *
 * Rejects with gRPC's own error, `isMessageTooLarge` when not even one item fits.
 */
export async function shrinkingPage<T>(
  size: number,
  ask: (size: number) => Promise<T>,
): Promise<{ page: T; size: number }> {
  for (let asked = size; ; asked = Math.max(1, Math.floor(asked / SHRINK))) {
    try {
      return { page: await ask(asked), size: asked };
    } catch (error) {
      if (asked === 1 || !isMessageTooLarge(error)) throw error;
    }
  }
}
