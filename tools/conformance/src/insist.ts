import pRetry from 'p-retry';

/** Longer than any fault lasts, with what it takes to come back: a schedule of a server that was restarted needs longest. */
const PATIENCE_MS = 180_000;

/**
 * Repeats a call through outages, every half second or so, for three minutes.
 * @throws the last error, or at once the one of which `isFinal` says that another attempt does not help
 */
export function insist<T>(call: () => Promise<T>, isFinal: (error: unknown) => boolean = () => false): Promise<T> {
  return pRetry(call, {
    retries: Number.POSITIVE_INFINITY,
    maxRetryTime: PATIENCE_MS,
    minTimeout: 100,
    maxTimeout: 600,
    shouldRetry: ({ error }) => !isFinal(error),
  });
}

/** Asks until the answer is not null, for three minutes. @throws Error that names what never came */
export async function until<T>(what: string, ask: () => Promise<T | null>): Promise<T> {
  for (const deadline = Date.now() + PATIENCE_MS; ; await new Promise((next) => setTimeout(next, 150))) {
    const answer = await insist(ask);
    if (answer !== null) return answer;
    if (Date.now() > deadline) throw new Error(`${what} did not come about within ${PATIENCE_MS / 1000} s.`);
  }
}
