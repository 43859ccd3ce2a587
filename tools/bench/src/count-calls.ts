import { subscribe } from 'node:diagnostics_channel';

export interface Calls {
  /** By method of Temporal's services. */
  engine: Record<string, number>;
  /** By SQL function, or by table where it is none. */
  ledger: Record<string, number>;
}

/**
 * Counts the calls of this process as they go on the wire, retries included, whoever makes them: HTTP/2 streams are
 * Temporal's, `fetch` is the ledger's.
 */
export function countCalls(): Calls {
  const calls: Calls = { engine: {}, ledger: {} };
  const count = (counts: Record<string, number>, path: string | undefined) => {
    // The rows of a function as one document are that function.
    const name = path
      ?.split('?')[0]
      ?.split('/')
      .at(-1)
      ?.replace(/_document$/, '');
    if (name) counts[name] = (counts[name] ?? 0) + 1;
  };
  subscribe('http2.client.stream.created', (message) => {
    count(calls.engine, (message as { headers: { ':path'?: string } }).headers[':path']);
  });
  subscribe('undici:request:create', (message) => {
    count(calls.ledger, (message as { request: { path: string } }).request.path);
  });
  return calls;
}

/** Pure: what was counted between two moments, divided by `per`. */
export function between(before: Record<string, number>, after: Record<string, number>, per = 1) {
  const differences = Object.entries(after).map(([name, n]) => [name, (n - (before[name] ?? 0)) / per] as const);
  return Object.fromEntries(differences.filter(([, n]) => n > 0));
}

export const total = (counts: Record<string, number>): number => Object.values(counts).reduce((sum, n) => sum + n, 0);
