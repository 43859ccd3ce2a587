/** A request that was sent before the page's scripts had come, and who it was sent for. */
interface AskedFirst {
  url: string;
  authorization: string;
  answer: Promise<Response>;
}

declare global {
  var runledgerAskedFirst: AskedFirst | undefined;
}

export function askFirst(url: string, token: string): void {
  const authorization = `Bearer ${token}`;
  const answer = fetch(url, { headers: { authorization } });
  // Whoever takes it hears of what went wrong.
  answer.catch(() => {});
  globalThis.runledgerAskedFirst = { url, authorization, answer };
}

/** As the browser's own; what was asked first is not asked again. */
export const fetchOnce: typeof globalThis.fetch = (input, init) => {
  const first = globalThis.runledgerAskedFirst;
  if (first?.url !== input || new Headers(init?.headers).get('authorization') !== first.authorization)
    return fetch(input, init);
  globalThis.runledgerAskedFirst = undefined;
  return first.answer;
};
