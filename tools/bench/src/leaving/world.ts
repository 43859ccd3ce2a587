import type { SqlDatabase } from '@runledger/local-stack';

export const LEAVER = 'leaver';
/** Accounts of Supabase Auth, which the host's own rows follow. */
export const ACCOUNT = '00000000-0000-4000-8000-0000000000aa';
/** Executions of others in the leaver's workflows, and in their own, for each hundred of the leaver's. */
const OTHERS_PERCENT = 5;
const KEPT_PERCENT = 50;
/** One in this number is still running. */
const RUNNING = 4;

/** The host's own users, whose rows go with their accounts, and three definitions: two of others. */
const HOST = `
  create table public.users (id text primary key, account uuid unique references auth.users (id) on delete cascade);
  insert into auth.users (id) values ('${ACCOUNT}');
  insert into public.users values ('${LEAVER}', '${ACCOUNT}'), ('stays', null), ('writes', null);
  select runledger.follow_users('public.users', 'id', 'account', p_grace => '0');
  insert into runledger.workflows (user_id, name, workflow_type, task_queue, visibility)
    select u.id, 'Order of ' || u.id, 'order', 'demo', 'published' from public.users u`;

/** In workflows of these owners in turn. */
const insert = (user: string, owners: [string, string], count: number) => `
  insert into runledger.workflow_executions (workflow_id, created_by, temporal_workflow_id, temporal_run_id, input, status,
      outcome_authority, closing_run_id, started_at, completed_at)
    select w.id, '${user}', '${user}-' || gen_random_uuid(), 'first', jsonb_build_object('order', n), s.status,
           case s.status when 'completed' then 'engine' end, case s.status when 'completed' then 'first' end,
           now() - n * interval '1 second', case s.status when 'completed' then now() - n * interval '1 second' + interval '1 second' end
      from generate_series(1, ${count}) n
      join runledger.workflows w on w.user_id = case n % 2 when 0 then '${owners[0]}' else '${owners[1]}' end
     cross join lateral (select case n % ${RUNNING} when 0 then 'running' else 'completed' end as status) s`;

const fold = async (db: SqlDatabase) => {
  for (;;) {
    const [row] = await db.query<{ n: number }>('select runledger.fold_execution_stats(20000) as n');
    if (!row || row.n < 1) return;
  }
};

/** A user with that number of executions, half of them in somebody else's workflow, a quarter still running. */
export async function fillWorld(db: SqlDatabase, count: number, say: (text: string) => void): Promise<void> {
  await db.exec(HOST);
  const part = 5_000;
  for (let done = 0; done < count; done += part) {
    say(`${done} of ${count} executions`);
    const size = Math.min(part, count - done);
    await db.exec(insert('stays', ['stays', 'writes'], Math.ceil((size * KEPT_PERCENT) / 100)));
    await db.exec(insert(LEAVER, [LEAVER, 'stays'], size));
    await fold(db);
  }
  // In the leaver's workflow: they go too.
  await db.exec(insert('stays', [LEAVER, LEAVER], Math.ceil((count * OTHERS_PERCENT) / 100)));
  await fold(db);
  await db.exec('analyze');
}

/** What is left of the leaver, in tables that name users or hold what executions had. */
export async function leftOf(db: SqlDatabase): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    `select (select count(*) from runledger.users where id = $1) + (select count(*) from runledger.workflows where user_id = $1)
       + (select count(*) from runledger.workflow_executions where created_by = $1)
       + (select count(*) from runledger.execution_transitions t
           where not exists (select from runledger.workflow_executions e where e.id = t.execution_id)) as n`,
    [LEAVER],
  );
  return Number(row?.n ?? Number.NaN);
}
