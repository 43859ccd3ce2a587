import type { ExecutionChange, ExecutionPage, ExecutionRow } from '@runledger/contracts';
import { expect, test } from 'vitest';
import type { CallerContext } from '../context.ts';
import { ANNA, fakeContext, fakeExecution, fakeLedger, WORKFLOW_ID } from '../fake-context.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { readingCaller } from '../reading-caller.ts';
import { createRowFacts } from '../row-facts.ts';
import { createLive } from './live.ts';
import { WatchExecutionsRequest, watchExecutions } from './watch-executions.ts';

const SUBSCRIBERS = 10;
const CHANGED = 300;
const idOf = (n: number) => `01939c5e-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** Rows of a page, all that are asked for. */
function pageOf(ids: readonly string[]): ExecutionPage & ExecutionRow[] {
  const rows = ids.map((id) => ({ ...fakeExecution(), id, health: null, reason: null, remedy: null, checkedAt: null }));
  const asked = { nextCursor: null, searchedUntil: null, window: {}, asOf: '2026-11-21T09:00:00Z' };
  return Object.assign(rows, asked) as unknown as ExecutionPage & ExecutionRow[];
}

test('each of many subscribers is told of many changes in a round of the event loop of its own', async () => {
  const changes: ExecutionChange[] = Array.from({ length: CHANGED }, (_, n) => ({
    ...{ executionId: idOf(n), userId: ANNA, workflowId: WORKFLOW_ID, revision: 2, deleted: false },
  }));
  const subscribed = Promise.withResolvers<void>();
  const pages = [
    { changes: [], cursor: '1' },
    { changes, cursor: '2' },
  ];
  const context = fakeContext({
    reader: { list: async (_scope, { ids = [] }) => pageOf(ids) },
    ledger: fakeLedger({
      async changesSince(since) {
        if (since !== null) await subscribed.promise;
        return pages.shift() ?? { changes: [], cursor: '2' };
      },
      describeRows: async () => ({
        workflows: { [WORKFLOW_ID]: { name: 'Order', redact: [] } },
        users: { [ANNA]: 'Anna' },
        usual: {},
      }),
    }),
  });
  const ctx = { ...context, caller: readingCaller(context.caller as never, context) } as CallerContext;
  const live = createLive(createRowFacts(), DEFAULT_LIMITS, undefined);
  const left = new AbortController();
  const request = { ...WatchExecutionsRequest.parse({ limit: 5 }), signal: left.signal };
  let round = 0;
  const count = () => {
    round += 1;
    if (!left.signal.aborted) setTimeout(count, 0);
  };
  count();

  const rounds: number[] = [];
  let open = 0;
  await Promise.all(
    Array.from({ length: SUBSCRIBERS }, async () => {
      for await (const [, event] of watchExecutions(ctx, live, request)) {
        if (event.kind === 'snapshot') {
          open += 1;
          if (open === SUBSCRIBERS) subscribed.resolve();
          continue;
        }
        expect(event.changes).toHaveLength(CHANGED);
        rounds.push(round);
        return;
      }
    }),
  );
  left.abort();
  expect(new Set(rounds).size).toBe(SUBSCRIBERS);
});
