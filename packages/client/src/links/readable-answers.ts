/** Something answered that is not the API: a proxy's page or its JSON, a sign-in page, an address that is not the API's. */
export class UnexpectedAnswer extends Error {
  override name = 'UnexpectedAnswer';
  readonly status: number;

  constructor(url: string, status: number, contentType: string | null) {
    const what = contentType?.includes('json')
      ? "JSON that is not the API's"
      : `${contentType?.split(';')[0] ?? 'no content type'}, where the API answers with JSON`;
    super(`${url} answered ${status} with ${what}. Check the address, and what stands in front of it.`);
    this.status = status;
  }
}

/** Fails with a sentence where an answer is not the API's, which a parser would only complain about. */
export function readableAnswers(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const contentType = response.headers.get('content-type');
    if (contentType?.includes('json') && (response.ok || (await isRefusal(response.clone())))) return response;
    const { origin, pathname } = new URL(input instanceof Request ? input.url : String(input), 'http://localhost');
    throw new UnexpectedAnswer(`${origin}${pathname}`, response.status, contentType);
  };
}

/** Whether tRPC refuses by it: an error, or of a batch several, with a code below 0. */
async function isRefusal(answer: Response): Promise<boolean> {
  const said: unknown = await answer.json().catch(() => null);
  const [first] = [said].flat() as ({ error?: { code?: unknown }; result?: unknown } | null)[];
  if (typeof first !== 'object' || first === null) return false;
  // A host's transformer may write it in another form.
  const { error, result } = first;
  if (typeof error !== 'object' || error === null) return error !== undefined || result !== undefined;
  return typeof error.code === 'number' ? error.code < 0 : error.code === undefined;
}
