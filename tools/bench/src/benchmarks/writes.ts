import { readFile } from 'node:fs/promises';
import type { Postgres, SqlDatabase } from '@runledger/local-stack';
import { openPostgres } from '@runledger/local-stack';
import type { Benchmark } from '../benchmark.ts';
import { formatMs, formatNumber, formatShare } from '../format-figure.ts';
import { ensureLargeLedger, startLargePostgres, withDatabase } from '../large-ledger/open-large-ledger.ts';

const WRITERS = 8;
/** Executions that are there before. */
const BASE = 50_000;
/** Of a slice; each variant has two of each load. */
const SECONDS = 4;
const SLOW_COMMIT = 'set commit_delay = 2000; set commit_siblings = 0;';
/** Takes the delta out of the triggers that write it. */
const NO_COUNTERS = `do $$
  declare
    counted text;
    uncounted text;
  begin
    foreach counted in array array[
      pg_get_functiondef('runledger_private.follow_execution_change()'::regprocedure),
      pg_get_functiondef('runledger_private.follow_new_executions()'::regprocedure)] loop
      uncounted := regexp_replace(counted,
        'if not stays or .*?end if;|insert into runledger.execution_deltas .*?if not found .*?end if;', '');
      if uncounted = counted then raise exception 'No delta was found in %', counted; end if;
      execute uncounted;
    end loop;
  end $$;`;
const VARIANTS = {
  counted: '',
  uncounted: NO_COUNTERS,
  rowTrigger: `${NO_COUNTERS} create trigger bench_count after insert or update of status on runledger.workflow_executions
    for each row execute function bench_count();`,
} as const;
type Variant = keyof typeof VARIANTS;
const NAMES = Object.keys(VARIANTS) as Variant[];
const LOADS = [
  { name: 'Hot', setup: '', isHot: true },
  { name: 'Slow', setup: SLOW_COMMIT, isHot: true },
  { name: 'Spread', setup: '', isHot: false },
];

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
      const [row] = await folder.query<{ n: number }>('select runledger.fold_execution_stats(5000) as n');
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

/** A database for each variant, all alike but for who counts; gone when it is disposed of. */
async function openVariants(postgres: Postgres): Promise<AsyncDisposable & { urls: Record<Variant, string> }> {
  const nameOf = (variant: Variant) => `writes_${variant.toLowerCase()}`;
  for (const variant of NAMES) {
    await postgres.dropDatabase(nameOf(variant)).catch(() => undefined);
    await postgres.createDatabase(nameOf(variant), { template: `ledger_${BASE}` });
    await withDatabase(postgres.url(nameOf(variant)), async (database) => {
      await database.exec(await readFile(new URL('../large-ledger/write-runs.sql', import.meta.url), 'utf8'));
      if (VARIANTS[variant]) await database.exec(VARIANTS[variant]);
    });
  }
  await withDatabase(postgres.url(), (database) => database.exec('checkpoint'));
  return {
    urls: Object.fromEntries(NAMES.map((variant) => [variant, postgres.url(nameOf(variant))])) as Record<
      Variant,
      string
    >,
    async [Symbol.asyncDispose]() {
      for (const variant of NAMES) await postgres.dropDatabase(nameOf(variant));
    },
  };
}

interface Written {
  perSecond: number;
  p99Ms: number;
}

/** What the slices since the last call wrote. */
async function takeWritten(url: string): Promise<Written> {
  return withDatabase(url, async (database) => {
    const [row] = await database.query<Written>(
      `select count(*)::float8 / ${2 * SECONDS} as "perSecond", percentile_disc(0.99) within group (order by ms) as "p99Ms" from bench_latencies`,
    );
    await database.exec('truncate bench_latencies');
    return row ?? { perSecond: Number.NaN, p99Ms: Number.NaN };
  });
}

/** Twenty executions of random workflows in a statement, over and over. */
async function writeBatches(url: string): Promise<{ perSecond: number; deadlocks: number }> {
  const until = performance.now() + 2 * SECONDS * 1_000;
  let deadlocks = 0;
  const done = await withWriters(url, '', async (writer) => {
    let statements = 0;
    while (performance.now() < until) {
      try {
        await writer.query(
          `insert into runledger.workflow_executions (workflow_id, created_by, temporal_workflow_id, temporal_run_id)
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
  return { perSecond: done.reduce((sum, n) => sum + n, 0) / (2 * SECONDS), deadlocks };
}

/** Numbers in which counters and executions differ, after all of it. */
const driftOf = (url: string): Promise<number> =>
  withDatabase(url, async (database) => {
    const [row] = await database.query<{ n: number }>(
      'select count(*)::int as n from runledger.verify_execution_stats()',
    );
    return row?.n ?? Number.NaN;
  });

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
        await using variants = await openVariants(postgres);
        const { urls } = variants;
        for (const { name, setup, isHot } of LOADS) {
          // There and back, so that a machine that grows slower meanwhile is slower for all of them.
          for (const variant of [...NAMES, ...NAMES.toReversed()]) {
            say(`${variant}, ${name.toLowerCase()}`);
            await using _folder = variant === 'counted' ? startFolder(urls[variant]) : null;
            await withWriters(urls[variant], setup, (writer) => writer.query(`call bench_write(${SECONDS}, ${isHot})`));
          }
          for (const variant of NAMES) {
            const { perSecond, p99Ms } = await takeWritten(urls[variant]);
            values[`${variant}${name}`] = perSecond;
            values[`${variant}${name}P99`] = p99Ms;
          }
        }
        for (const variant of NAMES) {
          say(`${variant}, batches`);
          await using _folder = variant === 'counted' ? startFolder(urls[variant]) : null;
          const batches = await writeBatches(urls[variant]);
          values[`${variant}Batches`] = batches.perSecond;
          if (variant === 'counted') faults.deadlocks = batches.deadlocks;
          else if (variant === 'rowTrigger') faults.rowDeadlocks = batches.deadlocks;
        }
        faults.drift = await driftOf(urls.counted);
        const of = (name: string) => values[name] ?? Number.NaN;
        for (const { name: load } of LOADS) {
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
