import { ExecutionError, eachJsonToken, REQUEST_KEYS, REQUEST_VALUES } from '@runledger/contracts';

/**
 * Refuses a request of very many small parts, before it is parsed: to parse, check and write them takes the one thread that answers
 * everybody far longer than a text of that size does.
 * @param text JSON. What is none passes: parsing says so.
 * @throws ExecutionError `payload_too_large`
 */
export function refuseCrowded(text: string): void {
  let parts = 0;
  const keys = new Set<string>();
  eachJsonToken(text, (kind, start, end) => {
    if (kind === 'close') return;
    parts += 1;
    if (kind === 'string' && isKey(text, end)) keys.add(text.slice(start, end));
    return parts <= REQUEST_VALUES && keys.size <= REQUEST_KEYS;
  });
  if (parts > REQUEST_VALUES) throw crowded(`${format(REQUEST_VALUES)} keys and values`);
  if (keys.size > REQUEST_KEYS) throw crowded(`${format(REQUEST_KEYS)} different keys`);
}

function isKey(text: string, end: number): boolean {
  let at = end;
  while (BLANKS.has(text.charCodeAt(at))) at += 1;
  return text[at] === ':';
}

const BLANKS = new Set([0x20, 0x09, 0x0a, 0x0d]);

const format = (count: number) => count.toLocaleString('en');
const crowded = (most: string) =>
  new ExecutionError(
    'payload_too_large',
    `The request has more than ${most}. Store large data elsewhere and pass a reference, or pass it as text.`,
  );
