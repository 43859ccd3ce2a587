import { readFile } from 'node:fs/promises';
import type { Postgres, SqlDatabase } from '@runledger/local-stack';
import { openPostgres } from '@runledger/local-stack';
import type { Benchmark } from '../benchmark.ts';
import { formatMs, formatNumber, formatShare } from '../format-figure.ts';
import { ensureLargeLedger, startLargePostgres } from '../large-ledger/open-large-ledger.ts';

const WRITERS = 8;
/** Executions that are there before. */
const BASE = 50_000;
const SECONDS = 8;
const SLOW_COMMIT = 'set commit_delay = 2000; set commit_siblings = 0;';
const NO_COUNTERS = 'drop trigger count_execution on public.workflow_executions;';
const VARIANTS = {
  counted: '',
  uncounted: NO_COUNTERS,
  rowTrigger: `${NO_COUNTERS} create trigger bench_count after insert or update of status on public.workflow_executions
    for each row execute function bench_count();`,
} as const;
type Variant = keyof typeof VARIANTS;

/** Eight sessions at once, each with a connection of its own. */
async function withWriters<T>(url: string, setup: string, work: (writer: SqlDatabase) => Promise<T>): Promise<T[]> {
  return Promise.all(
    Array.from({ length: WRITERS }, async () => {
      const writer = await openPostgres(url, { max: 1 });
      try {
        if (setup) await writer.exec(setup);
        return await work(writer);
      } finally {
        await writer.close();
      }
    }),
  );
}

/** Folds each second, as the monitor does, until it is disposed of. */
function startFolder(url: string): AsyncDisposable {
  const stop = new AbortController();
  const folding = (async () => {
    const folder = await openPostgres(url, { max: 1 });
    while (!stop.signal.aborted) {
      const [row] = await folder.query<{ n: number }>('select public.fold_execution_stats(5000) as n');
      if (row?.n !== 5_000) await new Promise((next) => setTimeout(next, 1_000));
    }
    await folder.close();
  })();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await folding;
    },
  };
}

/** A database like the others before, in which only this variant writes. */
async function withVariant<T>(postgres: Postgres, variant: Variant, work: (url: string) => Promise<T>): Promise<T> {
  const name = `writes_${variant.toLowerCase()}`;
  await postgres.dropDatabase(name).catch(() => undefined);
  await postgres.createDatabase(name, { template: `ledger_${BASE}` });
  try {
    const database = await openPostgres(postgres.url(name), { max: 1 });
    await database.exec(await readFile(new URL('../large-ledger/write-runs.sql', import.meta.url), 'utf8'));
    if (VARIANTS[variant]) await database.exec(VARIANTS[variant]);
    await database.exec('checkpoint');
    await database.close();
    await using _folder = variant === 'counted' ? startFolder(postgres.url(name)) : null;
    return await work(postgres.url(name));
  } finally {
    await postgres.dropDatabase(name);
  }
}

interface Written {
  perSecond: number;
  p99Ms: number;
}

async function write(url: string, setup: string, isHot: boolean): Promise<Written> {
  await withWriters(url, setup, (writer) => writer.query(`call bench_write(${SECONDS}, ${isHot})`));
  const database = await openPostgres(url, { max: 1 });
  const [row] = await database.query<Written>(
    `select count(*)::float8 / ${SECONDS} as "perSecond", percentile_disc(0.99) within group (order by ms) as "p99Ms" from bench_latencies`,
  );
  await database.exec('truncate bench_latencies');
  await database.close();
  return row ?? { perSecond: Number.NaN, p99Ms: Number.NaN };
}

/** Twenty executions of random workflows in a statement, over and over. */
async function writeBatches(url: string): Promise<{ perSecond: number; deadlocks: number }> {
  const until = performance.now() + SECONDS * 1_000;
  let deadlocks = 0;
  const done = await withWriters(url, '', async (writer) => {
    let statements = 0;
    while (performance.now() < until) {
      try {
        await writer.query(
          `insert into public.workflow_executions (workflow_id, created_by, temporal_workflow_id, temporal_run_id)
             select ('00000000-0000-7000-8000-' || lpad((1 + floor(random() * 200))::int::text, 12, '0'))::uuid,
                    'user_' || 1 + floor(random() * 5)::int, 'w-' || gen_random_uuid(), 'r-' || gen_random_uuid()
               from generate_series(1, 20)`,
        );
        statements += 1;
      } catch (error) {
        if ((error as { code?: string }).code !== '40P01') throw error;
        deadlocks += 1;
      }
    }
    return statements;
  });
  return { perSecond: done.reduce((sum, n) => sum + n, 0) / SECONDS, deadlocks };
}

/** Numbers in which counters and executions differ, after all of it. */
async function driftOf(url: string): Promise<number> {
  const database = await openPostgres(url, { max: 1 });
  const [row] = await database.query<{ n: number }>('select count(*)::int as n from public.verify_execution_stats()');
  await database.close();
  return row?.n ?? Number.NaN;
}

/** Requests and ends of executions by eight writers: without counters, with ours, and with a row that a trigger counts in. */
export const writes: Benchmark = {
  name: 'writes',
  about: 'Executions a second by eight writers of one busy workflow: without counters, with them, with a counter row',

  async prepare(_, say) {
    const postgres = await startLargePostgres();
    await ensureLargeLedger(postgres, BASE, say);
    return {
      async run() {
        const values: Record<string, number> = {};
        const faults: Record<string, number> = { drift: 0, deadlocks: 0, rowDeadlocks: 0 };
        for (const variant of Object.keys(VARIANTS) as Variant[]) {
          await withVariant(postgres, variant, async (url) => {
            for (const [name, setup, isHot] of [
              ['Hot', '', true],
              ['Slow', SLOW_COMMIT, true],
              ['Spread', '', false],
            ] as const) {
              say(`${variant}, ${name.toLowerCase()}`);
              const { perSecond, p99Ms } = await write(url, setup, isHot);
              values[`${variant}${name}`] = perSecond;
              values[`${variant}${name}P99`] = p99Ms;
            }
            say(`${variant}, batches`);
            const batches = await writeBatches(url);
            values[`${variant}Batches`] = batches.perSecond;
            if (variant === 'counted') {
              faults.deadlocks = batches.deadlocks;
              faults.drift = await driftOf(url);
            } else if (variant === 'rowTrigger') faults.rowDeadlocks = batches.deadlocks;
          });
        }
        const of = (name: string) => values[name] ?? Number.NaN;
        for (const load of ['Hot', 'Slow', 'Spread']) {
          values[`share${load}`] = of(`counted${load}`) / of(`uncounted${load}`);
          values[`times${load}`] = of(`counted${load}`) / of(`rowTrigger${load}`);
          values[`p99${load}`] = of(`counted${load}P99`) / of(`uncounted${load}P99`);
        }
        return { values, faults, items: {} };
      },
      [Symbol.asyncDispose]: () => postgres.stop(),
    };
  },

  rows({ values, faults }) {
    const of = (name: string) => values[name] ?? Number.NaN;
    const rates = (load: string) =>
      `without ${formatNumber(of(`uncounted${load}`))}/s, counter row ${formatNumber(of(`rowTrigger${load}`))}/s`;
    const row = (what: string, load: string, share: number, times: number | null) => ({
      what,
      measured: `${formatNumber(of(`counted${load}`))}/s: ${formatShare(of(`share${load}`))}, ${formatNumber(of(`times${load}`))} ×`,
      comparedWith: rates(load),
      toReach: `≥ ${formatShare(share)}${times === null ? '' : `, ≥ ${times} ×`}`,
      reached: of(`share${load}`) >= share && (times === null || of(`times${load}`) >= times),
    });
    return [
      row('executions a second, one workflow, 8 writers', 'Hot', 0.8, null),
      row('the same where a commit takes 2 ms', 'Slow', 0.95, 3),
      { ...row('the same of random users and workflows', 'Spread', 0.6, null), toReach: '', reached: null },
      {
        what: 'p99 of an execution, one workflow',
        measured: formatMs(of('countedHotP99')),
        comparedWith: `without ${formatMs(of('uncountedHotP99'))}, counter row ${formatMs(of('rowTriggerHotP99'))}`,
        toReach: '≤ 1.5 ×',
        reached: of('p99Hot') <= 1.5,
      },
      {
        what: 'deadlocks, 20 random workflows in a statement',
        measured: `${faults.deadlocks}`,
        comparedWith: `counter row ${faults.rowDeadlocks}`,
        toReach: 'none',
        reached: faults.deadlocks === 0,
      },
      {
        what: 'numbers in which counters and executions differ afterwards',
        measured: `${faults.drift}`,
        comparedWith: '',
        toReach: 'none',
        reached: faults.drift === 0,
      },
    ];
  },
};
