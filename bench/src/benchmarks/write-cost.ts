import type { Postgres, SqlDatabase } from '@runledger/local-stack';
import { applyMigrations, openPostgres, startPostgres, supabasePlatformSql } from '@runledger/local-stack';
import type { Benchmark } from '../benchmark.ts';
import { cpuTimeMs } from '../cpu-time.ts';
import { formatNumber, formatShare } from '../format-figure.ts';
import type { Writer } from '../write-cost/life.ts';
import { HAND_WRITTEN, lifeOf, OWNERS } from '../write-cost/life.ts';
import { byHand, byLedger } from '../write-cost/writers.ts';

/** WAL as on a server that must survive a crash; what is vacuumed is vacuumed when this says so. */
const SETTINGS = {
  shared_buffers: '512MB',
  max_wal_size: '8GB',
  checkpoint_timeout: '1h',
  full_page_writes: 'on',
  autovacuum: 'off',
  jit: 'off',
};
/** Executions that are open at a time. */
const OPEN = 200;
/** Executions between two folds; the monitor folds each second. */
const FOLDED_AT_ONCE = 500;

const WRITERS = { hand: byHand, ledger: byLedger };
const PATHS = ['created', 'admitted'] as const;

interface Cost {
  /** CPU of Postgres, in milliseconds. */
  ms: number;
  walBytes: number;
}

/** Executions begin and end, one statement after another. */
async function write(db: SqlDatabase, writer: Writer, path: (typeof PATHS)[number], count: number): Promise<void> {
  const isAdmitted = path === 'admitted';
  const open: { id: string; life: ReturnType<typeof lifeOf> }[] = [];
  const end = async () => {
    const one = open.shift();
    if (!one) return;
    if (isAdmitted) await writer.start(db, one.id, one.life);
    await writer.end(db, one.id, one.life);
  };
  for (let n = 0; n < count; n += 1) {
    const life = lifeOf(n);
    open.push({ id: isAdmitted ? await writer.admit(db, life) : await writer.create(db, life), life });
    if (open.length > OPEN) await end();
    if (n % FOLDED_AT_ONCE === FOLDED_AT_ONCE - 1) await writer.settle(db);
  }
  while (open.length > 0) await end();
  await writer.settle(db);
}

async function costOf(postgres: Postgres, db: SqlDatabase, work: () => Promise<void>): Promise<Cost> {
  // What is a page's first change after it writes the page whole; all of these are new.
  await db.exec('checkpoint');
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

async function measure(postgres: Postgres, count: number, say: (text: string) => void) {
  await using db = await openDatabase(postgres);
  const values: Record<string, number> = {};
  const items: Record<string, Record<string, number>> = {};
  for (const writer of Object.values(WRITERS))
    for (const path of PATHS) await write(db, writer, path, FOLDED_AT_ONCE);
  for (const path of PATHS) {
    for (const [name, writer] of Object.entries(WRITERS)) {
      say(`${path}, ${name}`);
      const cost = await costOf(postgres, db, () => write(db, writer, path, count));
      values[`${path} ${name} us`] = (cost.ms * 1_000) / count;
      values[`${path} ${name} WAL`] = cost.walBytes / count;
    }
    values[`${path} times`] = (values[`${path} ledger us`] ?? 0) / (values[`${path} hand us`] ?? 0);
  }
  // Numbers of updates reach the statistics when the connection is idle.
  await db.query('select pg_stat_force_next_flush()');
  await db.exec('vacuum analyze');
  const all = PATHS.length * (count + FOLDED_AT_ONCE);
  for (const [name, schema] of [
    ['hand', 'bench'],
    ['ledger', 'runledger'],
  ] as const) {
    const { tables, hot } = await keptIn(db, schema);
    values[`${name} bytes`] = tables.reduce((sum, { bytes }) => sum + bytes, 0) / all;
    values[`${name} hot`] = hot;
    const large = tables.filter(({ bytes }) => bytes / all >= 1).map((one) => [one.name, one.bytes / all]);
    items[`bytes an execution, ${name}`] = Object.fromEntries(large);
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
    const cpu = (path: string, what: string, atMost: number | null) => ({
      what: `CPU of Postgres an execution, ${what}, counted and folded`,
      measured: `${formatNumber(of(`${path} ledger us`))} µs: ${formatNumber(of(`${path} times`))} ×`,
      comparedWith: `by hand ${formatNumber(of(`${path} hand us`))} µs`,
      toReach: atMost === null ? '' : `≤ ${atMost} ×`,
      reached: atMost === null ? null : of(`${path} times`) <= atMost,
    });
    const wal = (path: string, what: string, atMost: number | null) => ({
      what: `WAL an execution, ${what}`,
      measured: `${formatNumber(of(`${path} ledger WAL`))} B`,
      comparedWith: `by hand ${formatNumber(of(`${path} hand WAL`))} B`,
      toReach: atMost === null ? '' : `≤ ${atMost} B`,
      reached: atMost === null ? null : of(`${path} ledger WAL`) <= atMost,
    });
    return [
      cpu('created', 'create and end', 2.5),
      cpu('admitted', 'admit, start and end', null),
      wal('created', 'create and end', 4_500),
      wal('admitted', 'admit, start and end', null),
      {
        what: 'bytes an execution, all tables and indexes, vacuumed',
        measured: formatNumber(of('ledger bytes')),
        comparedWith: `by hand ${formatNumber(of('hand bytes'))}`,
        toReach: 'stated',
        reached: null,
      },
      {
        what: 'updates of executions that enter no index (HOT)',
        measured: formatShare(of('ledger hot')),
        comparedWith: `by hand ${formatShare(of('hand hot'))}`,
        toReach: '',
        reached: null,
      },
    ];
  },
};
