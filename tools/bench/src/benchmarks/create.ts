import { randomUUID } from 'node:crypto';
import { createRunledgerClient } from '@runledger/client';
import { addUser, startApi, startHandRoute } from '../api/api-process.ts';
import type { Benchmark, Row, Sample } from '../benchmark.ts';
import { between, total } from '../count-calls.ts';
import { formatMs, formatNumber, formatShare } from '../format-figure.ts';
import { percentile } from '../quantile.ts';
import { openStage } from '../stage.ts';

/** How many callers wait for an answer at once. */
const AT_ONCE = [8, 32];
const INPUT = { item: 'rye loaf', quantity: 2 };
const SCHEMA = {
  type: 'object',
  properties: { item: { type: 'string' }, quantity: { type: 'integer', minimum: 1 } },
  required: ['item'],
};
/** How often the two take turns, so that a machine that slows down slows both. */
const TURNS = 3;

/** Calls one after the other in so many lanes for a while. */
async function drive(lanes: number, ms: number, call: () => Promise<void>) {
  const took: number[] = [];
  const until = performance.now() + ms;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (performance.now() < until) {
        const from = performance.now();
        await call();
        took.push(performance.now() - from);
      }
    }),
  );
  return { rate: (took.length * 1_000) / (performance.now() - began), took };
}

/** A start over tRPC beside a route that a team would write. */
export const create: Benchmark = {
  name: 'create',
  about: 'createExecution over HTTP, real Postgres and Temporal, beside a hand-written route (one insert, one start)',

  async prepare({ closeSeconds }, say) {
    const stage = await openStage();
    const { ledger, temporal } = stage;
    await using stack = new AsyncDisposableStack();
    const user = randomUUID();
    const token = await addUser(ledger, user);
    await ledger.database.exec(`
      create table public.hand_runs (id uuid primary key default gen_random_uuid(), user_id text not null, status text not null,
        input jsonb, output jsonb, error text, started_at timestamptz not null default now(), completed_at timestamptz);
      create index on public.hand_runs (user_id, started_at desc);
      grant all on public.hand_runs to service_role;`);
    const api = stack.use(await startApi(ledger, temporal.address));
    const hand = stack.use(await startHandRoute(ledger, temporal.address));
    const client = createRunledgerClient({ url: `${api.url}/trpc`, getToken: () => token });
    const workflow = { name: 'Order', workflowType: 'order', taskQueue: 'nobody', inputSchema: SCHEMA };
    const { id: workflowId } = await client.workflow.create.mutate(workflow);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const startBy = (url: string, request: object) => async () => {
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(request) });
      const text = await answer.text();
      if (!text.includes('"running"')) throw new Error(`${url} answered ${answer.status}: ${text.slice(0, 200)}`);
    };
    const variants = {
      api: startBy(`${api.url}/trpc/execution.createExecution`, { workflowId, input: INPUT }),
      hand: startBy(hand.url, { input: INPUT }),
    };
    for (const call of Object.values(variants)) await drive(8, 1_500, call);
    const kept = stack.move();
    return {
      async run(): Promise<Sample> {
        const sample: Sample = { values: {}, faults: {}, items: {} };
        for (const lanes of AT_ONCE) {
          const took: Record<string, number[]> = { api: [], hand: [] };
          const rates: Record<string, number[]> = { api: [], hand: [] };
          let ledgerCalls = {};
          for (let turn = 0; turn < TURNS; turn += 1)
            for (const [name, call] of Object.entries(variants)) {
              say(`${lanes} at once, ${name}`);
              const before = (await api.figures()).calls.ledger;
              const driven = await drive(lanes, (closeSeconds * 1_000) / (2 * TURNS), call);
              const after = (await api.figures()).calls.ledger;
              if (name === 'api') ledgerCalls = between(before, after, driven.took.length);
              took[name]?.push(...driven.took);
              rates[name]?.push(driven.rate);
            }
          for (const name of Object.keys(variants)) {
            const measured = rates[name] ?? [];
            sample.values[`${name} ${lanes} rate`] = measured.reduce((sum, rate) => sum + rate, 0) / measured.length;
            sample.values[`${name} ${lanes} p50`] = percentile(took[name] ?? [], 0.5);
          }
          sample.values[`calls ${lanes}`] = total(ledgerCalls);
          sample.items[`ledger calls a start, ${lanes} at once`] = ledgerCalls;
        }
        return sample;
      },
      async [Symbol.asyncDispose]() {
        await kept.disposeAsync();
        await stage[Symbol.asyncDispose]();
      },
    };
  },

  rows({ values }): Row[] {
    const figure = (name: string) => values[name] ?? Number.NaN;
    return AT_ONCE.flatMap((lanes) => {
      const share = figure(`api ${lanes} rate`) / figure(`hand ${lanes} rate`);
      const slower = figure(`api ${lanes} p50`) / figure(`hand ${lanes} p50`);
      const calls = figure(`calls ${lanes}`);
      return [
        {
          what: `starts a second, ${lanes} at once`,
          measured: `${formatNumber(figure(`api ${lanes} rate`))}/s: ${formatShare(share)}`,
          comparedWith: `by hand ${formatNumber(figure(`hand ${lanes} rate`))}/s`,
          toReach: '≥ 80 %',
          reached: share >= 0.8,
        },
        {
          what: `a start, ${lanes} at once, p50`,
          measured: `${formatMs(figure(`api ${lanes} p50`))}: ${formatNumber(slower)} ×`,
          comparedWith: `by hand ${formatMs(figure(`hand ${lanes} p50`))}`,
          toReach: lanes === 8 ? '≤ 1.3 ×' : '',
          reached: lanes === 8 ? slower <= 1.3 : null,
        },
        {
          what: `ledger requests a start, ${lanes} at once`,
          measured: formatNumber(calls),
          comparedWith: 'by hand 1',
          toReach: '2',
          reached: calls <= 2.05,
        },
      ];
    });
  },
};
