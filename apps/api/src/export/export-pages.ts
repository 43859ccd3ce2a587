import { setTimeout as wait } from 'node:timers/promises';
import type { ExecutionSummary } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import type { ExportRow } from '@runledger/host/export-text';
import type { AppRouter, Context } from '@runledger/router';
import { createCallerFactory, readingCaller, toExecutionError } from '@runledger/router';
import type { ExportRequest } from './export-request.ts';

/** Executions of a page, and of one with payloads: each of these may be three megabytes. */
const PAGE_SIZE = { usual: 200, withPayloads: 10 } as const;

export interface ExportPage {
  rows: ExportRow[];
  /** What of the filter was not understood. */
  ignored: string[];
}

interface ExportSource {
  router: AppRouter;
  /** Tells who calls, for each page anew: whoever loses access while an export goes on gets no more of it. */
  openContext(): Promise<Context>;
  signal: AbortSignal;
}

/** The pages of an export, each read when it is asked for, by the same procedures and limits as a list on a page. */
export async function* exportPages(
  { router, openContext, signal }: ExportSource,
  { payloads, everyoneOf, ...request }: ExportRequest,
): AsyncGenerator<ExportPage, void> {
  const limit = payloads ? PAGE_SIZE.withPayloads : PAGE_SIZE.usual;
  let cursor: string | null = null;
  do {
    const context = { ...(await openContext()), gone: signal };
    const { execution } = createCallerFactory(router)(context);
    const page: { items: ExecutionSummary[]; ignored: string[]; nextCursor: string | null } = await whenAllowed(
      signal,
      () =>
        everyoneOf === undefined
          ? execution.listExecutions({ ...request, limit, cursor })
          : execution.listWorkflowExecutions({ ...request, workflowId: everyoneOf, limit, cursor }),
    );
    const rows = payloads ? await whenAllowed(signal, () => withPayloads(context, page.items)) : page.items;
    yield { rows, ignored: page.ignored };
    cursor = page.nextCursor;
  } while (cursor !== null && !signal.aborted);
}

/** An export waits for its next page where a list would be refused for now, and goes on waiting for places that others of its user have. */
async function whenAllowed<T>(signal: AbortSignal, read: () => Promise<T>): Promise<T> {
  while (true) {
    try {
      return await read();
    } catch (thrown) {
      const error = toExecutionError(thrown);
      const waitsForPlaces = error.code === 'rate_limited' && error.limit === null && !signal.aborted;
      const afterMs = error.limit?.retryAfterMs;
      if (!waitsForPlaces && !afterMs) throw error;
      await wait(afterMs ?? 0, undefined, { signal });
    }
  }
}

async function withPayloads(context: Context, rows: ExecutionSummary[]): Promise<ExportRow[]> {
  const { caller } = context;
  if (caller === null || rows.length === 0) return rows;
  const payloads = await readingCaller(caller, context).reader.payloads(
    { userId: caller.userId },
    rows.map(({ id }) => id),
  );
  return rows.map((row) => {
    const { input, output } = payloads.get(row.id) ?? {};
    return { ...row, ...(input === undefined ? {} : { input }), ...(output === undefined ? {} : { output }) };
  });
}

/** @throws ExecutionError `permission_denied` where payloads of other users are asked for */
export function requireOwnPayloads({ payloads, everyoneOf, of }: ExportRequest): void {
  if (payloads && (everyoneOf !== undefined || of === 'everyone'))
    throw new ExecutionError('permission_denied', 'Payloads are exported of your own executions only.');
}
