/** What is this large takes milliseconds of the one thread at each step: parsing, checking, writing. In bytes of JSON. */
const LARGE_BYTES = 100_000;

/** Lets what else waits go first, between two steps of work on something large. At once for what is not. */
export function breathe(bytes: number): Promise<void> {
  return bytes < LARGE_BYTES ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, 0));
}
