import { breathe, LARGE_BYTES } from '@runledger/contracts';

/** About what a row of a list has, in bytes. */
const ROW_BYTES = 1_500;

/** Resolves when that many rows may be worked on: at once where they are few. */
export type Turn = (rows: number) => Promise<void>;

/**
 * Lets what others ask go between subscribers who are told of many rows: all of them hear of a change at once, and one user may have
 * twenty streams open.
 */
export function createTurns(): Turn {
  let last = Promise.resolve();
  return (rows) => {
    const bytes = rows * ROW_BYTES;
    if (bytes < LARGE_BYTES) return Promise.resolve();
    last = last.then(() => breathe(bytes));
    return last;
  };
}
