import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';

/** Counters of the SDK's core: calls that answer at once, and long polls. */
const REQUEST = /^temporal_(?:long_)?request\{.*operation="(\w+)".*\} (\d+)$/gm;

/** Calls of Temporal that a worker has made so far, by method, as the SDK's core counts them: they do not pass Node. */
export async function readRequests(url: string): Promise<Record<string, number>> {
  // `fetch` is counted as the ledger's.
  const [answer] = (await once(get(url), 'response')) as [IncomingMessage];
  const metrics = await text(answer);
  const requests: Record<string, number> = {};
  for (const [, method = '', count] of metrics.matchAll(REQUEST)) {
    requests[method] = (requests[method] ?? 0) + Number(count);
  }
  return requests;
}
