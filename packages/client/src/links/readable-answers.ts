/** Something answered that is not the API: a proxy's page, a sign-in page, an address that is not the API's. */
export class UnexpectedAnswer extends Error {
  override name = 'UnexpectedAnswer';
  readonly status: number;

  constructor(url: string, status: number, contentType: string | null) {
    const what = contentType?.split(';')[0] ?? 'no content type';
    super(
      `${url} answered ${status} with ${what}, where the API answers with JSON. Check the address, and what stands in front of it.`,
    );
    this.status = status;
  }
}

/** Fails with a sentence where an answer is not JSON, which a parser would only complain about. */
export function readableAnswers(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const contentType = response.headers.get('content-type');
    if (contentType?.includes('json')) return response;
    const { origin, pathname } = new URL(input instanceof Request ? input.url : String(input), 'http://localhost');
    throw new UnexpectedAnswer(`${origin}${pathname}`, response.status, contentType);
  };
}
