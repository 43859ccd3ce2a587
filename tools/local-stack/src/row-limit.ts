/**
 * The first `limit` elements of a JSON array, given and answered as text: parsing it would round its numbers. Anything
 * else is answered as it is.
 */
export function cutRows(json: string, limit: number): string {
  if (!json.startsWith('[')) return json;
  let depth = 0;
  let rows = 0;
  for (let at = 0; at < json.length; at++) {
    const char = json[at];
    if (char === '"') at = endOfString(json, at);
    else if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') depth--;
    else if (char === ',' && depth === 1 && ++rows === limit) return `${json.slice(0, at)}]`;
  }
  return json;
}

function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at;
}

const TABLE = /^\/rest\/v1\/([^/]+)$/;
const FUNCTION = /^(?:\/rest\/v1)?\/rpc\/([^/]+)$/;

/** The function that a request calls, `null` where it calls none. */
export const calledFunction = (path: string): string | null => FUNCTION.exec(path)?.[1] ?? null;

/**
 * Whether PostgREST's max-rows bounds the answer: what reads of tables and functions that return rows give, not the rows
 * that a write hands back, and not a function's single value, whatever its size.
 */
export function isCountedInRows(request: Request, returnsRows: (functionName: string) => boolean): boolean {
  const { pathname } = new URL(request.url);
  const called = calledFunction(pathname);
  if (called !== null) return returnsRows(called);
  return request.method === 'GET' && TABLE.test(pathname);
}
