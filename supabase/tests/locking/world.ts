import { randomUUID } from 'node:crypto';
import type { SqlSession } from '@runledger/local-stack';
import type { Execution, World } from './writers.ts';
import { followOptions } from './writers.ts';

/** Makes two users with 300 executions: 200 open in Temporal, 50 direct, 50 of long ago. */
async function makeWorld(db: SqlSession): Promise<World> {
  const [owner, guest, workflowId] = [randomUUID(), randomUUID(), randomUUID()];
  await db.exec(`
    insert into runledger.users (id) values ('${owner}'), ('${guest}');
    insert into runledger.workflows (id, user_id, name, workflow_type, task_queue, visibility)
      values ('${workflowId}', '${owner}', 'Order', 'order', 'demo', 'published');
    insert into runledger.execution_quotas (user_id, workflow_id, executions_per_hour) values (null, null, 1000000), ('${guest}', null, 1000000);
    create table public.old_runs (id uuid primary key, user_id text, workflow_id uuid, status text, started_at timestamptz,
      temporal_workflow_id text, temporal_run_id text);
    insert into public.old_runs select gen_random_uuid(), '${owner}', '${workflowId}', 'running', now(), 'old-' || n, 'first'
      from generate_series(1, 120) n;`);
  await db.exec(`select runledger.unfollow_workflows();
    drop table if exists public.tasks;
    create table public.tasks (number int primary key, owner text, title text);
    insert into public.tasks select n, case n % 2 when 0 then '${owner}' else '${guest}' end, 'Task' from generate_series(1, 60) n`);
  await db.query('select runledger.follow_workflows($1, $2::jsonb)', [
    'public.tasks',
    JSON.stringify(followOptions(owner)),
  ]);
  // The order of the rows in the table is not that of their ids.
  const insert = (more: string, values: string, count: number) =>
    db.query<Execution>(
      `insert into runledger.workflow_executions (id, workflow_id, created_by ${more})
       select gen_random_uuid(), $1, case n % 2 when 0 then $2 else $3 end ${values} from generate_series(1, ${count}) n
       returning id, temporal_workflow_id`,
      [workflowId, owner, guest],
    );
  const ids = ', temporal_workflow_id, temporal_run_id';
  return {
    owner,
    guest,
    workflowId,
    open: await insert(ids, `, gen_random_uuid()::text, 'first'`, 200),
    direct: await insert('', '', 50),
    ended: await insert(
      `${ids}, closing_run_id, status, outcome_authority, input, started_at, completed_at`,
      `, gen_random_uuid()::text, 'first', 'first', 'completed', 'engine', '{}', now() - interval '400 days', now() - interval '400 days'`,
      50,
    ),
    source: 'public.old_runs',
    followed: 'public.tasks',
  };
}

/** Each table of the ledger and the old one, with its primary key and the columns that a statement may give values for. */
const tablesSql = `
  select format('%I.%I', c.relnamespace::regnamespace, c.relname) as name, format('kept.%I', c.relname) as kept,
         string_agg(format('%I', a.attname), ', ' order by a.attnum) as columns,
         string_agg(format('%I', a.attname), ', ' order by a.attnum) filter (where a.attnum = any (i.indkey)) as key
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    left join pg_index i on i.indrelid = c.oid and i.indisprimary
   where c.relkind = 'r' and (c.relnamespace = 'runledger'::regnamespace or c.oid = to_regclass('public.old_runs'))
   group by c.oid, c.relnamespace, c.relname`;

interface Table {
  name: string;
  /** What it held in the beginning. */
  kept: string;
  columns: string;
  key: string | null;
}

/** Takes away what was written since the last time, and writes again what is missing then. */
const putBackTable = ({ name, kept, columns, key }: Table): string => `
  delete from ${name} ${key ? `where xmin::text::bigint > (select transaction from kept.put_back)` : ''};
  insert into ${name} (${columns}) overriding system value
    select ${columns} from ${kept} ${key ? `where (${key}) not in (select ${key} from ${name})` : ''};`;

export interface KeptWorld {
  world: World;
  putBack(): Promise<void>;
  /** Tables that hold something else than in the beginning. */
  changed(): Promise<string[]>;
}

/**
 * Makes a world, and gives a function that puts the database back to where it was then. Rows that nobody has written stay:
 * to write an execution is to write its entries in all indexes.
 */
export async function keepWorld(db: SqlSession): Promise<KeptWorld> {
  const world = await makeWorld(db);
  const tables = await db.query<Table>(tablesSql);
  await db.exec(
    `create schema kept; ${tables.map(({ name, kept }) => `create table ${kept} as table ${name};`).join('\n')}
     create table kept.put_back as select pg_current_xact_id()::text::bigint as transaction`,
  );
  const putBack = `
    begin;
    -- As a restore does it: without triggers.
    set local session_replication_role = replica;
    ${tables.map(putBackTable).join('\n')}
    update kept.put_back set transaction = pg_current_xact_id()::text::bigint;
    commit;`;
  async function changed(): Promise<string[]> {
    const found: string[] = [];
    for (const { name, kept } of tables) {
      const differing = `(table ${name} except all table ${kept}) union all (table ${kept} except all table ${name})`;
      if ((await db.query(`select from (${differing}) d limit 1`)).length > 0) found.push(name);
    }
    return found;
  }
  return { world, putBack: () => db.exec(putBack), changed };
}
