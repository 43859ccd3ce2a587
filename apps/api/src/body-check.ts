import { breathe } from '@runledger/contracts';
import type { RequestText } from '@runledger/router';
import { refuseCrowded, refuseRoundedNumbers } from '@runledger/router';
import { createTurns, LARGE_BODY_BYTES } from './turns.ts';

/**
 * Reads the JSON of a request: refused before it is parsed where it has very many parts, and afterwards where it has numbers that
 * JavaScript rounds.
 * @param parse What the text says. @throws ExecutionError `payload_too_large`, `invalid_input`, and what `parse` throws
 */
export type ReadBody = <T>(request: RequestText, parse: () => T) => Promise<T>;

/** Large bodies take turns, whatever address they were sent to, each step in a round of the event loop of its own. */
export function createBodyCheck(): ReadBody {
  const turn = createTurns();
  return async (request, parse) => {
    const size = request.body?.length ?? 0;
    const takeTurn = async () => {
      if (size > LARGE_BODY_BYTES) await turn();
      await breathe(size);
    };
    await takeTurn();
    refuseCrowded(request.body ?? '');
    await takeTurn();
    const input = parse();
    await takeTurn();
    refuseRoundedNumbers(request);
    await takeTurn();
    return input;
  };
}
