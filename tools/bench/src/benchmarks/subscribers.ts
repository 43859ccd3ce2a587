import { setTimeout as pause } from 'node:timers/promises';
import { createRunledgerClient } from '@runledger/client';
import pMap from 'p-map';
import { addUser, startApi } from '../api/api-process.ts';
import type { Benchmark, Row, Sample } from '../benchmark.ts';
import { between } from '../count-calls.ts';
import { formatMegabytes, formatMs, formatNumber } from '../format-figure.ts';
import { percentile } from '../quantile.ts';
import { openStage } from '../stage.ts';

/** Ticks of the hub, a second. */
const TICKS_A_SECOND = 4;
const TICK_MS = 1_000 / TICKS_A_SECOND;
/** Changes whose way to a subscriber is timed: one about every second tick, at any moment of it. */
const CHANGES = 150;
/** As many as have fewer streams each than a user may have open. */
const USERS = 200;
/** How long ledger calls are counted while nothing changes, at most. */
const IDLE_SECONDS = 20;
/** After the last change: what nobody was told by then was lost. */
const LOST_MS = 10_000;

/** Streams that wait, and how soon a change reaches the one whose it is. */
export const subscribers: Benchmark = {
  name: 'subscribers',
  about: 'Idle subscribers of the API: memory each and ledger calls a tick; then how soon a change is told',

  async prepare({ subscribers: count, idleSeconds: asked }, say) {
    const idleSeconds = Math.min(asked, IDLE_SECONDS);
    const stage = await openStage();
    const { ledger } = stage;
    const users = Array.from({ length: USERS }, (_, n) => `user ${n}`);
    const tokens = await Promise.all(users.map((id) => addUser(ledger, id)));
    const [workflow] = await ledger.database.query<{ id: string }>(
      `insert into runledger.workflows (user_id, name, workflow_type, task_queue) values ('user 0', 'Order', 'order', 'nobody')
       returning id`,
    );
    return {
      // Two thousand streams are opened for each.
      runs: 1,
      async run(): Promise<Sample> {
        await using api = await startApi(ledger, stage.temporal.address);
        const clients = tokens.map((token) => createRunledgerClient({ url: `${api.url}/trpc`, getToken: () => token }));
        // What a first call and a first stream load is nobody's share.
        await Promise.all(clients.map((client) => client.execution.listExecutions.query()));
        const told = new Map<string, number>();
        let live = 0;
        const open = (n: number) =>
          clients[n % USERS]?.execution.watchExecutions.subscribe(
            { limit: 1 },
            {
              onData({ data }) {
                if (data.kind === 'snapshot') live += 1;
                if (data.kind === 'changes' && n === 0)
                  for (const change of data.changes)
                    if ('execution' in change) told.set(change.execution.id, Date.now());
              },
            },
          );
        const watches = [open(0)];
        while (live < 1) await pause(20);
        const before = (await api.figures()).rss;
        say(`${count} subscribers`);
        await pMap(
          Array.from({ length: count - 1 }, (_, n) => n + 1),
          async (n) => {
            watches.push(open(n));
            while (live < n - 100) await pause(10);
          },
          { concurrency: 100 },
        );
        while (live < count) await pause(50);
        await pause(2_000);
        const idle = await api.figures();
        await pause(idleSeconds * 1_000);
        const later = await api.figures();
        const calls = between(idle.calls.ledger, later.calls.ledger, idleSeconds * TICKS_A_SECOND);
        say('changes');
        const written = new Map<string, number>();
        for (let n = 0; n < CHANGES; n += 1) {
          const [row] = await ledger.database.query<{ id: string }>(
            `insert into runledger.workflow_executions (workflow_id, created_by) values ($1, 'user 0') returning id`,
            [workflow?.id],
          );
          if (row) written.set(row.id, Date.now());
          await pause(2 * Math.random() * TICK_MS);
        }
        for (const until = Date.now() + LOST_MS; told.size < written.size && Date.now() < until; ) await pause(20);
        const lags = [...written].flatMap(([id, at]) => (told.has(id) ? [(told.get(id) ?? Number.NaN) - at] : []));
        for (const watch of watches) watch?.unsubscribe();
        return {
          values: {
            bytes: (later.rss - before) / count,
            p50: percentile(lags, 0.5),
            p99: percentile(lags, 0.99),
            calls: Object.values(calls).reduce((sum, value) => sum + value, 0),
          },
          faults: { lost: written.size - lags.length },
          items: { 'ledger calls a tick, idle': calls },
        };
      },
      [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
    };
  },

  rows({ values, faults }, { subscribers: count }): Row[] {
    const { bytes = Number.NaN, p50 = Number.NaN, p99 = Number.NaN, calls = Number.NaN } = values;
    const row = { comparedWith: '', reached: null, toReach: '' };
    return [
      {
        ...row,
        what: `memory of an idle subscriber, of ${count}`,
        measured: formatMegabytes(bytes),
        toReach: '≤ 0.2 MB',
        reached: bytes <= 0.2 * 2 ** 20,
      },
      {
        ...row,
        what: `ledger calls a tick of ${TICK_MS} ms, ${count} idle subscribers`,
        measured: formatNumber(calls),
        toReach: '1',
        reached: calls <= 1.05,
      },
      { ...row, what: `change → subscriber, ${count} subscribers, p50`, measured: formatMs(p50) },
      {
        ...row,
        what: `change → subscriber, ${count} subscribers, p99`,
        measured: formatMs(p99),
        toReach: `≤ a tick + 50 ms`,
        reached: p99 <= TICK_MS + 50,
      },
      {
        ...row,
        what: 'changes that the subscriber was never told',
        measured: formatNumber(faults.lost ?? Number.NaN),
        toReach: '0',
        reached: faults.lost === 0,
      },
    ];
  },
};
