import type { Postgres, SqlDatabase } from '@runledger/local-stack';
import { applyMigrations, openPostgres, startPostgres, supabasePlatformSql } from '@runledger/local-stack';
import type { Benchmark } from '../benchmark.ts';
import { formatNumber } from '../format-figure.ts';
import type { Writing } from '../leaving/other-writers.ts';
import { withOtherWriters } from '../leaving/other-writers.ts';
import { ACCOUNT, fillWorld, LEAVER, leftOf } from '../leaving/world.ts';
import { quantile } from '../quantile.ts';

/** As the monitor asks for them. */
const BATCH = 500;
/** Batches whose mean is compared, at the beginning and at the end: what grows with what is gone or left shows there. */
const COMPARED = 20;

interface Batch {
  executions: number;
  rows: number;
  done: boolean;
  user: string | null;
  tookMs: number;
}

/** The account is deleted in Auth, the host's row goes with it, and batch after batch is deleted, as the monitor does it. */
async function leave(db: SqlDatabase, say: (text: string) => void): Promise<Batch[]> {
  const batches: Batch[] = [];
  await db.query('delete from auth.users where id = $1', [ACCOUNT]);
  for (;;) {
    const began = performance.now();
    const [row] = await db.query<{ b: Omit<Batch, 'tookMs'> }>('select runledger.settle_users($1) as b', [BATCH]);
    const batch = { ...(row?.b as Omit<Batch, 'tookMs'>), tookMs: performance.now() - began };
    // Nobody is due yet: the user was held, so that the trigger gave up, and a sync has to find out.
    if (batch.user !== null) batches.push(batch);
    if (batches.length % 20 === 19) say(`${batches.length} batches`);
    if (batch.done && batches.length > 0) return batches;
    // Somebody holds what is left.
    if (batch.rows === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const mean = (batches: Batch[]) =>
  batches.reduce((sum, { tookMs }) => sum + tookMs, 0) / (batches.length || Number.NaN);
const sumOf = (writings: Writing[], what: 'deadlocks' | 'failed') =>
  writings.reduce((sum, writing) => sum + writing[what], 0);

async function measure(postgres: Postgres, count: number, say: (text: string) => void) {
  const name = 'leaving';
  await postgres.dropDatabase(name).catch(() => undefined);
  await postgres.createDatabase(name);
  await using db = await openPostgres(postgres.url(name), { max: 2 });
  await db.exec(supabasePlatformSql);
  await applyMigrations(db);
  await fillWorld(db, count, say);
  let batches: Batch[] = [];
  const began = performance.now();
  let tookMs = 0;
  const others = await withOtherWriters(postgres.url(name), async () => {
    batches = await leave(db, say);
    tookMs = performance.now() - began;
  });
  while (((await db.query<{ n: number }>('select runledger.fold_execution_stats(20000) as n'))[0]?.n ?? 0) > 0);
  const full = batches.filter(({ executions }) => executions === BATCH);
  const writings = Object.values(others);
  return {
    values: {
      batches: batches.length,
      executions: batches.reduce((sum, { executions }) => sum + executions, 0),
      seconds: tookMs / 1_000,
      slowestBatchMs: Math.max(...batches.map((batch) => batch.tookMs)),
      firstBatchesMs: mean(full.slice(0, COMPARED)),
      lastBatchesMs: mean(full.slice(-COMPARED)),
      statements: writings.reduce((sum, writing) => sum + writing.tookMs.length, 0),
    },
    faults: {
      left: await leftOf(db),
      deadlocks: sumOf(writings, 'deadlocks'),
      failed: sumOf(writings, 'failed'),
      wrongCounts: (await db.query('select * from runledger.verify_execution_stats()')).length,
      stoodStill: writings.filter((writing) => writing.tookMs.length < 2).length,
    },
    items: Object.fromEntries(
      Object.entries(others).map(([what, writing]) => [
        `ms a statement, ${what}`,
        {
          statements: writing.tookMs.length,
          p50: quantile(writing.tookMs, 0.5),
          p99: quantile(writing.tookMs, 0.99),
          max: quantile(writing.tookMs, 1),
        },
      ]),
    ),
  };
}

/** A user with many executions is deleted while these run and others write. */
export const leaving: Benchmark = {
  name: 'leaving',
  about: 'a user with 100,000 executions leaves, deleted in Auth, while these run and others write',

  async prepare({ leaving: count }, say) {
    const postgres = await startPostgres({ version: 17, settings: { shared_buffers: '256MB' } });
    return {
      runs: 1,
      run: () => measure(postgres, count, say),
      [Symbol.asyncDispose]: () => postgres.stop(),
    };
  },

  rows({ values, faults, items }, { leaving: count }) {
    const of = (name: string) => values[name] ?? Number.NaN;
    const none = (what: string, fault: string) => ({
      what,
      measured: `${faults[fault]}`,
      comparedWith: '',
      toReach: '0',
      reached: faults[fault] === 0,
    });
    const others = Object.entries(items).map(([what, took]) => ({
      what,
      measured: `p50 ${formatNumber(took.p50 ?? Number.NaN)}, p99 ${formatNumber(took.p99 ?? Number.NaN)}, max ${formatNumber(took.max ?? Number.NaN)}`,
      comparedWith: `${took.statements} of them`,
      toReach: '',
      reached: null,
    }));
    return [
      {
        what: `a user with ${count} executions is gone`,
        measured: `${of('batches')} batches, ${of('executions')} executions, ${formatNumber(of('seconds'))} s`,
        comparedWith: `slowest batch ${formatNumber(of('slowestBatchMs'))} ms`,
        toReach: '',
        reached: null,
      },
      {
        what: 'ms a batch, at the end',
        measured: formatNumber(of('lastBatchesMs')),
        comparedWith: `at the beginning ${formatNumber(of('firstBatchesMs'))}`,
        toReach: '',
        reached: null,
      },
      ...others,
      none(`rows that are left of ${LEAVER}`, 'left'),
      none('deadlocks', 'deadlocks'),
      none("others' statements that failed", 'failed'),
      none('others who stood still', 'stoodStill'),
      none('counts that are wrong afterwards', 'wrongCounts'),
    ];
  },
};
