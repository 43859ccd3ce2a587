import { randomUUID } from 'node:crypto';
import { createClient } from '@supabase/supabase-js';
import { addUser, startApi, startHandRoute } from '../api/api-process.ts';
import { LIST_COLUMNS, LIST_SIZE } from '../api/list-page.ts';
import type { Benchmark, Row, Sample } from '../benchmark.ts';
import { between, total } from '../count-calls.ts';
import { formatMs, formatNumber, formatShare } from '../format-figure.ts';
import { percentile } from '../quantile.ts';
import { openStage } from '../stage.ts';

const EXECUTIONS = 5_000;
/** What the first page of a dashboard asks. */
const FIVE = ['listExecutions', 'getStats', 'countByHealth', 'getTopWorkflows', 'getFailureGroups'];
/** The variants take turns, so that a machine that slows down slows all. */
const TURNS = 10;

/** A page of 50 over the API beside the same page by supabase-js and by a route that hands it on, and five procedures in one request beside five. */
export const reads: Benchmark = {
  name: 'reads',
  about:
    'a list of 50 over HTTP beside the same columns by supabase-js and by a hand-written route, and five procedures in one request beside five requests',

  async prepare({ closeSeconds }, say) {
    const stage = await openStage();
    const { ledger, temporal } = stage;
    await using stack = new AsyncDisposableStack();
    const user = randomUUID();
    const token = await addUser(ledger, user);
    await ledger.database.query(
      `with w as (
         insert into runledger.workflows (user_id, name, workflow_type, task_queue) values ($1, 'Order', 'order', 'nobody') returning id)
       insert into runledger.workflow_executions (workflow_id, created_by, status, error_message, tags, started_at, completed_at)
         select w.id, $1, case when n % 20 = 0 then 'failed' else 'completed' end, case when n % 20 = 0 then 'Card declined' end,
                '{rye}', now() - n * interval '5 minutes', now() - n * interval '5 minutes' + interval '90 seconds'
           from w, generate_series(1, $2::int) n`,
      [user, EXECUTIONS],
    );
    await ledger.database.query('select runledger.fold_execution_stats(1000000)');
    await ledger.database.exec('vacuum analyze');
    const api = stack.use(await startApi(ledger, temporal.address));
    const byHand = stack.use(await startHandRoute(ledger, temporal.address));
    const headers = { authorization: `Bearer ${token}` };
    const supabase = createClient(ledger.url, ledger.publishableKey, {
      accessToken: async () => token,
      db: { schema: 'runledger' },
    });
    const ask = async (names: string[], batch = '') => {
      const input = encodeURIComponent(
        JSON.stringify(batch ? Object.fromEntries(names.map((_, n) => [n, {}])) : { limit: LIST_SIZE }),
      );
      const answer = await fetch(
        `${api.url}/trpc/${names.map((name) => `execution.${name}`).join()}?${batch}input=${input}`,
        { headers },
      );
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${names.join()} answered ${answer.status}: ${text.slice(0, 200)}`);
      return text;
    };
    const variants: Record<string, () => Promise<unknown>> = {
      list: () => ask(['listExecutions']),
      direct: async () => {
        const page = supabase.from('workflow_executions').select(LIST_COLUMNS).eq('created_by', user);
        const { data, error } = await page.order('started_at', { ascending: false }).order('id').limit(LIST_SIZE);
        if (error || data.length !== LIST_SIZE)
          throw new Error(`supabase-js answered ${error?.message ?? data?.length}`);
      },
      route: async () => {
        const answer = await fetch(byHand.url, { headers });
        const text = await answer.text();
        if (!answer.ok) throw new Error(`the route answered ${answer.status}: ${text.slice(0, 200)}`);
      },
      batch: () => ask(FIVE, 'batch=1&'),
      five: () => Promise.all(FIVE.map((name) => ask([name], 'batch=1&'))),
    };
    for (const call of Object.values(variants)) for (let n = 0; n < 20; n += 1) await call();
    const kept = stack.move();
    return {
      async run(): Promise<Sample> {
        const sample: Sample = { values: {}, faults: {}, items: {} };
        const took: Record<string, number[]> = {};
        const calls: Record<string, number> = {};
        for (let turn = 0; turn < TURNS; turn += 1)
          for (const [name, call] of Object.entries(variants)) {
            say(name);
            const before = (await api.figures()).calls.ledger;
            const times: number[] = [];
            const until = performance.now() + (closeSeconds * 1_000) / (5 * TURNS);
            while (performance.now() < until) {
              const from = performance.now();
              await call();
              times.push(performance.now() - from);
            }
            took[name] = [...(took[name] ?? []), ...times];
            calls[name] = total(between(before, (await api.figures()).calls.ledger, times.length));
          }
        for (const name of Object.keys(variants)) {
          sample.values[`${name} p50`] = percentile(took[name] ?? [], 0.5);
          sample.values[`${name} calls`] = calls[name] ?? 0;
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
    const more = figure('list p50') / figure('direct p50');
    return [
      {
        what: `a list of ${LIST_SIZE}, p50`,
        measured: `${formatMs(figure('list p50'))}: ${formatShare(more)}`,
        comparedWith: `supabase-js ${formatMs(figure('direct p50'))}`,
        toReach: '≤ 125 %',
        reached: more <= 1.25,
      },
      {
        what: `the same by a route that a team would write, p50`,
        measured: `${formatMs(figure('route p50'))}: ${formatShare(figure('route p50') / figure('direct p50'))}`,
        comparedWith: `supabase-js ${formatMs(figure('direct p50'))}`,
        toReach: '',
        reached: null,
      },
      {
        what: `ledger requests of a list of ${LIST_SIZE}`,
        measured: formatNumber(figure('list calls')),
        comparedWith: 'supabase-js 1',
        toReach: '1',
        reached: figure('list calls') <= 1.05,
      },
      {
        what: 'five procedures in one request, p50',
        measured: formatMs(figure('batch p50')),
        comparedWith: `five requests at once ${formatMs(figure('five p50'))}`,
        toReach: '',
        reached: null,
      },
      {
        what: 'ledger requests of five procedures in one request',
        measured: formatNumber(figure('batch calls')),
        comparedWith: `five requests ${formatNumber(figure('five calls'))}`,
        toReach: '',
        reached: null,
      },
    ];
  },
};
