import { chmod, mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Postgres, SqlDatabase } from '@runledger/local-stack';
import { applyMigrations, openPostgres, startPostgres, supabasePlatformSql } from '@runledger/local-stack';
import type { Say } from '../benchmark.ts';

/** As Supabase sets a server of this size (jit is off there), except for the sizes. */
const SETTINGS = {
  shared_buffers: '4GB',
  effective_cache_size: '12GB',
  maintenance_work_mem: '1GB',
  work_mem: '32MB',
  max_wal_size: '16GB',
  random_page_cost: '1.1',
  jit: 'off',
};

/** Executions inserted in one statement. */
const PART = 100_000;
/** Deltas folded in one statement; the more, the fewer times a cell of all users is written. */
const FOLD = 500_000;

export interface LargeLedger extends AsyncDisposable {
  database: SqlDatabase;
}

/** Postgres 17, as Supabase sets one of this size. What is made there is kept: in `runledger-bench` of the folder for temporary files. */
export async function startLargePostgres(): Promise<Postgres> {
  const dataDir = join(tmpdir(), 'runledger-bench');
  await mkdir(dataDir, { recursive: true });
  // Postgres does not run as root; what it keeps there it closes itself.
  await chmod(dataDir, 0o755);
  return startPostgres({ version: 17, dataDir, settings: SETTINGS });
}

/**
 * The name of a database with that number of executions, made once by generate.sql; ten million take about half an hour and
 * 15 GB. Delete the folder after a change of the migrations.
 */
export async function ensureLargeLedger(postgres: Postgres, rows: number, say: Say): Promise<string> {
  const name = `ledger_${rows}`;
  const known = await withDatabase(postgres.url(), (admin) =>
    admin.query('select from pg_database where datname = $1', [name]),
  );
  if (known.length === 0) await generate(postgres, name, rows, say);
  return name;
}

/** A ledger of that number of executions. */
export async function openLargeLedger(rows: number, say: Say): Promise<LargeLedger> {
  const postgres = await startLargePostgres();
  const database = await openPostgres(postgres.url(await ensureLargeLedger(postgres, rows, say)));
  return {
    database,
    async [Symbol.asyncDispose]() {
      await database.close();
      await postgres.stop();
    },
  };
}

/** Over one connection. */
export async function withDatabase<T>(url: string, work: (database: SqlDatabase) => Promise<T>): Promise<T> {
  const database = await openPostgres(url, { max: 1 });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Made under another name, so that an interrupted one is never taken for a whole one. */
async function generate(postgres: Postgres, name: string, rows: number, say: Say): Promise<void> {
  const draft = `${name}_draft`;
  await postgres.dropDatabase(draft).catch(() => undefined);
  await postgres.createDatabase(draft);
  await withDatabase(postgres.url(draft), async (database) => {
    say('migrating');
    await database.exec(supabasePlatformSql);
    await applyMigrations(database);
    await fill(database, rows, say);
  });
  await withDatabase(postgres.url(), (admin) => admin.exec(`alter database ${draft} rename to ${name}`));
}

async function fill(database: SqlDatabase, rows: number, say: Say): Promise<void> {
  await database.exec(`
    -- Users with short names: who the user is, is one function that a team may replace.
    create or replace function runledger_private.current_user_id() returns text language sql stable parallel safe
      return nullif(current_setting('request.jwt.claim.sub', true), '');
    insert into runledger.users (id) select 'user_' || g from generate_series(1, 1000) g;
    insert into runledger.workflows (id, user_id, name, workflow_type, task_queue)
      select ('00000000-0000-7000-8000-' || lpad(g::text, 12, '0'))::uuid, 'user_' || g, 'Workflow ' || g, 'order', 'demo'
        from generate_series(1, 200) g;
    set session_replication_role = replica;
    set synchronous_commit = off;
    select setseed(0.5);`);
  const indexes = await database.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
      where i.indrelid = 'runledger.workflow_executions'::regclass and not i.indisprimary`,
  );
  for (const { name } of indexes) await database.exec(`drop index ${name}`);
  const statement = await readFile(join(import.meta.dirname, 'generate.sql'), 'utf8');
  for (let from = 1; from <= rows; from += PART) {
    say(`generating executions, ${Math.floor((100 * (from - 1)) / rows)} %`);
    await database.query(statement, [rows, from, Math.min(rows, from + PART - 1)]);
  }
  for (const [at, { name, definition }] of indexes.entries()) {
    say(`indexing, ${at + 1} of ${indexes.length}: ${name}`);
    await database.exec(definition);
  }
  await count(database, say);
  say('vacuuming');
  await database.exec('set session_replication_role = origin');
  await database.exec('vacuum (analyze)');
}

/**
 * Counts them as the trigger would have: a delta each, folded into the cells. By user, so that few cells are visited
 * twice. And goes on until the folder has nothing left to do, or it would do that while something else is measured.
 */
async function count(database: SqlDatabase, say: Say): Promise<void> {
  let waiting = 0;
  for (let user = 1; user <= 1_000; user += 1) {
    const [inserted] = await database.query<{ n: number }>(
      `with deltas as (
         insert into runledger.execution_deltas (created_by, workflow_id, hour, new_status, new_duration_ms, new_queue_ms, new_verdict,
                                              new_failure_group, failure_shape)
         select e.created_by, e.workflow_id, date_trunc('hour', e.started_at, 'UTC'), e.status, e.duration_ms,
                runledger_private.queue_ms(e.started_at, e.first_task_at), e.verdict, e.failure_group,
                case when e.failure_group is not null then runledger_private.failure_shape(e.failure, e.error_message) end
           from runledger.workflow_executions e where e.created_by = $1 returning 1)
       select count(*)::int as n from deltas`,
      [`user_${user}`],
    );
    waiting += inserted?.n ?? 0;
    if (waiting < FOLD && user < 1_000) continue;
    say(`counting, user ${user} of 1000`);
    await database.query('select runledger.fold_execution_stats($1)', [waiting]);
    await database.exec('vacuum runledger.execution_deltas');
    waiting = 0;
  }
  say('deleting hours that are no longer kept');
  let hasOldHours = true;
  while (hasOldHours) {
    await database.query('select runledger.fold_execution_stats()');
    const [row] = await database.query<{ has: boolean }>(
      `select exists (select from runledger.execution_stats s where s.grain = 'hour' and s.starts_at < f.hours_from)
           or exists (select from runledger.execution_label_stats s where s.grain = 'hour' and s.starts_at < f.hours_from) as has
         from runledger.fold_state f`,
    );
    hasOldHours = row?.has ?? false;
  }
}
