/** A request that was sent before the page's scripts had come, and who it was sent for. */
interface AskedFirst {
  authorization: string;
  /** As `performance.now` tells it. */
  at: number;
  answer: Promise<Response>;
}

declare global {
  /** By their addresses. */
  var runledgerAskedFirst: Map<string, AskedFirst> | undefined;
}

/** An answer that nobody has taken by then is of another time, in milliseconds. */
const GOOD_FOR_MS = 30_000;

export function askFirst(url: string, token: string): void {
  const authorization = `Bearer ${token}`;
  const answer = fetch(url, { headers: { authorization } });
  // Whoever takes it hears of what went wrong.
  answer.catch(() => {});
  globalThis.runledgerAskedFirst ??= new Map();
  globalThis.runledgerAskedFirst.set(url, { authorization, at: performance.now(), answer });
}

/** Whether there are answers that nobody has taken yet. */
export const hasAskedFirst = (): boolean => (globalThis.runledgerAskedFirst?.size ?? 0) > 0;

/** As the browser's own; what was asked first is not asked again. */
export const fetchOnce: typeof globalThis.fetch = (input, init) => {
  const first = globalThis.runledgerAskedFirst?.get(String(input));
  globalThis.runledgerAskedFirst?.delete(String(input));
  const isMeant =
    first &&
    new Headers(init?.headers).get('authorization') === first.authorization &&
    performance.now() - first.at < GOOD_FOR_MS;
  return isMeant ? first.answer : fetch(input, init);
};
