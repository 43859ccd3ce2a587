import type { Postgres, SqlDatabase } from '@runledger/local-stack';
import { applyMigrations, openPostgres, startPostgres, supabasePlatformSql } from '@runledger/local-stack';
import type { Benchmark } from '../benchmark.ts';
import { cpuTimeMs } from '../cpu-time.ts';
import { formatNumber, formatShare } from '../format-figure.ts';
import type { Writer } from '../write-cost/life.ts';
import { HAND_WRITTEN, lifeOf, OWNERS } from '../write-cost/life.ts';
import { byHand, byLedger, byStatement } from '../write-cost/writers.ts';

/** No whole pages in the WAL: how many there are is up to the checkpoints. Nothing is vacuumed meanwhile. */
const SETTINGS = {
  shared_buffers: '512MB',
  max_wal_size: '8GB',
  checkpoint_timeout: '1h',
  full_page_writes: 'off',
  autovacuum: 'off',
  jit: 'off',
};
/** Executions that are open at a time. */
const OPEN = 200;
/** Changes that a fold finds: what the monitor waits for. It finds them within its longest pause from 25 executions a second on. */
const FOLDED_AT_ONCE = 1_000;
/** What it finds where 2.5 executions a second begin and end. */
const FOLDED_WHERE_FEW = 100;
/** Executions before anything is measured: plans and caches are made. */
const WARM_UP = 500;
/** To reach: CPU of the hand-written table's, and WAL. */
const TIMES = 2.5;
const WAL_BYTES = 4_500;

const WRITERS = { hand: byHand, statements: byStatement, functions: byLedger };
const PATHS = ['created', 'whole'] as const;

interface Cost {
  /** CPU of Postgres, in milliseconds. */
  ms: number;
  walBytes: number;
}

/** Executions begin and end, one statement after another. */
async function write(
  db: SqlDatabase,
  writer: Writer,
  { path, count, foldAfter = FOLDED_AT_ONCE }: { path: (typeof PATHS)[number]; count: number; foldAfter?: number },
): Promise<void> {
  const isWhole = path === 'whole';
  const open: { id: string; life: ReturnType<typeof lifeOf> }[] = [];
  let changes = 0;
  const changed = async () => {
    changes += 1;
    if (changes % foldAfter === 0) await writer.settle(db);
  };
  const end = async () => {
    const one = open.shift();
    if (!one) return;
    if (isWhole) await writer.start(db, one.id, one.life);
    if (isWhole) await changed();
    await writer.end(db, one.id, one.life);
    if (isWhole) await writer.keepSteps(db, one.id, one.life);
    await changed();
  };
  for (let n = 0; n < count; n += 1) {
    const life = lifeOf(n);
    open.push({ id: isWhole ? await writer.admit(db, life) : await writer.create(db, life), life });
    await changed();
    if (open.length > OPEN) await end();
  }
  while (open.length > 0) await end();
  await writer.settle(db);
}

async function costOf(postgres: Postgres, db: SqlDatabase, work: () => Promise<void>): Promise<Cost> {
  const position = async () => {
    const [row] = await db.query<{ at: number }>(
      `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 as at`,
    );
    return row?.at ?? Number.NaN;
  };
  const before = { ms: cpuTimeMs(postgres.pid), walBytes: await position() };
  await work();
  const walBytes = (await position()) - before.walBytes;
  return { ms: cpuTimeMs(postgres.pid) - before.ms, walBytes };
}

/** Bytes of all tables and indexes of a schema, and how many updates of its executions were HOT. */
async function keptIn(db: SqlDatabase, schema: string) {
  const tables = await db.query<{ name: string; bytes: number }>(
    `select c.relname || case c.relkind when 'i' then ', index' else '' end as name,
            (case c.relkind when 'i' then pg_relation_size(c.oid) else pg_table_size(c.oid) end)::float8 as bytes
       from pg_class c where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'i')`,
    [schema],
  );
  const [updates] = await db.query<{ all: number; hot: number }>(
    `select n_tup_upd::float8 as "all", n_tup_hot_upd::float8 as hot from pg_stat_user_tables
      where schemaname = $1 and relname = 'workflow_executions'`,
    [schema],
  );
  return { tables, hot: (updates?.hot ?? 0) / (updates?.all || Number.NaN) };
}

/** A database for one run, with the ledger and the table beside it. */
async function openDatabase(postgres: Postgres): Promise<SqlDatabase> {
  const name = 'write_cost';
  await postgres.dropDatabase(name).catch(() => undefined);
  await postgres.createDatabase(name);
  const db = await openPostgres(postgres.url(name), { max: 1 });
  await db.exec(supabasePlatformSql);
  await applyMigrations(db);
  await db.exec(OWNERS);
  await db.exec(HAND_WRITTEN);
  return db;
}

/** Rounds of each path; the writers take turns, so that a machine that grows slower is slower for all of them. */
const ROUNDS = 2;

async function measure(postgres: Postgres, count: number, say: (text: string) => void) {
  await using db = await openDatabase(postgres);
  const values: Record<string, number> = {};
  const written: Record<string, number> = { bench: 0, runledger: 0 };
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const path of PATHS) {
      for (const [name, writer] of Object.entries(WRITERS)) {
        if (path === 'whole' && name === 'statements') continue;
        say(`${path}, ${name}, ${round} of ${ROUNDS}`);
        const each = round === 0 ? WARM_UP : count;
        const cost = await costOf(postgres, db, () => write(db, writer, { path, count: each }));
        const schema = name === 'hand' ? 'bench' : 'runledger';
        written[schema] = (written[schema] ?? 0) + each;
        if (round === 0) continue;
        const all = ROUNDS * each;
        values[`${path} ${name} us`] = (values[`${path} ${name} us`] ?? 0) + (cost.ms * 1_000) / all;
        values[`${path} ${name} WAL`] = (values[`${path} ${name} WAL`] ?? 0) + cost.walBytes / all;
      }
    }
  }
  const few = { path: 'created', count, foldAfter: FOLDED_WHERE_FEW } as const;
  values['few WAL'] = (await costOf(postgres, db, () => write(db, byStatement, few))).walBytes / count;
  written.runledger = (written.runledger ?? 0) + count;
  for (const path of PATHS)
    for (const name of Object.keys(WRITERS))
      values[`${path} ${name} times`] = (values[`${path} ${name} us`] ?? Number.NaN) / (values[`${path} hand us`] ?? 0);
  await db.query('select pg_stat_force_next_flush()');
  await db.exec('vacuum analyze');
  const items: Record<string, Record<string, number>> = {};
  for (const [schema, all] of Object.entries(written)) {
    const { tables, hot } = await keptIn(db, schema);
    values[`${schema} bytes`] = tables.reduce((sum, { bytes }) => sum + bytes, 0) / all;
    values[`${schema} hot`] = hot;
    const large = tables.filter(({ bytes }) => bytes / all >= 5).map((one) => [one.name, one.bytes / all]);
    items[`bytes an execution, ${schema}`] = Object.fromEntries(large);
  }
  return { values, faults: {}, items };
}

/** What an execution costs Postgres, from its insert to its end, beside a table as teams write it by hand. */
export const writeCost: Benchmark = {
  name: 'write-cost',
  about: 'CPU of Postgres, WAL and bytes of an execution from insert to end, beside a hand-written table',

  async prepare({ many: count }, say) {
    const postgres = await startPostgres({ version: 17, settings: SETTINGS });
    return {
      run: () => measure(postgres, count, say),
      [Symbol.asyncDispose]: () => postgres.stop(),
    };
  },

  rows({ values }) {
    const of = (name: string) => values[name] ?? Number.NaN;
    const cost = (what: string, path: string, name: string, isGate: boolean) => [
      {
        what: `CPU of Postgres an execution, ${what}`,
        measured: `${formatNumber(of(`${path} ${name} us`))} µs: ${formatNumber(of(`${path} ${name} times`))} ×`,
        comparedWith: `by hand ${formatNumber(of(`${path} hand us`))} µs`,
        toReach: isGate ? `≤ ${TIMES} ×` : '',
        reached: isGate ? of(`${path} ${name} times`) <= TIMES : null,
      },
      {
        what: `WAL an execution, ${what}`,
        measured: `${formatNumber(of(`${path} ${name} WAL`))} B`,
        comparedWith: `by hand ${formatNumber(of(`${path} hand WAL`))} B`,
        toReach: isGate ? `≤ ${WAL_BYTES} B` : '',
        reached: isGate ? of(`${path} ${name} WAL`) <= WAL_BYTES : null,
      },
    ];
    return [
      ...cost('insert and update', 'created', 'statements', true),
      {
        what: 'WAL an execution, insert and update, where 2.5 a second are folded each 20 s',
        measured: `${formatNumber(of('few WAL'))} B`,
        comparedWith: `by hand ${formatNumber(of('created hand WAL'))} B`,
        toReach: '',
        reached: null,
      },
      ...cost('create_execution and record_outcomes', 'created', 'functions', false),
      ...cost('admitted, started, ended, with its timeline', 'whole', 'functions', false),
      {
        what: 'bytes an execution, all tables and indexes, vacuumed',
        measured: formatNumber(of('runledger bytes')),
        comparedWith: `by hand ${formatNumber(of('bench bytes'))}`,
        toReach: 'stated',
        reached: null,
      },
      {
        what: 'updates of executions that enter no index (HOT)',
        measured: formatShare(of('runledger hot')),
        comparedWith: `by hand ${formatShare(of('bench hot'))}`,
        toReach: '',
        reached: null,
      },
    ];
  },
};
