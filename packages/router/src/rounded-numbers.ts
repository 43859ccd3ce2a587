import { ExecutionError, findRoundedNumber } from '@runledger/contracts';

/** What came over HTTP, before anything has parsed it. */
export interface RequestText {
  /** Of the request, with its query: there a GET has its input. */
  url: string;
  /** The JSON body, as text; `null` for a request without one. */
  body: string | null;
}

/**
 * Refuses a request with a number that JavaScript would round, such as a 64-bit id of a client in another language: once it
 * is parsed nobody can tell. For hosts, in front of tRPC's request handler; they set `numbersChecked` in the context then.
 * @throws ExecutionError `invalid_input` with the path.
 */
export function refuseRoundedNumbers({ url, body }: RequestText): void {
  const { searchParams } = new URL(url, 'http://localhost');
  const found = findRoundedNumber(body ?? '') ?? findRoundedNumber(searchParams.get('input') ?? '');
  if (found === null) return;
  // In a batch the calls come first, by their index.
  const path = (searchParams.get('batch') === '1' ? found.replace(/^\d+\.?/, '') : found) || 'request';
  const problem = 'is a number with more digits than JavaScript keeps; send it as text';
  throw new ExecutionError('invalid_input', `${path} ${problem}.`, { fields: { [path]: [problem] } });
}
