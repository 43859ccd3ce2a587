import type { LedgerDatabase } from '../ledger-database.ts';
import { openLedger } from '../ledger-database.ts';

export interface ListData extends LedgerDatabase {
  /** Ada's workflows, the busiest first; all users run them. */
  workflowIds: string[];
}

export const KIND_OF_FAILURE = '0123456789abcdef';

/**
 * 67,000 executions. Ada has 30,000 in 20 workflows, of which the first has 40 %; 199 others share as many. 90 % completed, 4 %
 * failed, 3 % were cancelled, 2 % timed out; the newest are open. Every seventh start is at the same microsecond as
 * the one before. Then those who are hard on lists: `unlucky` has 6,000 that failed and completed once, in the beginning;
 * `wordy` 1,000 with long messages and many tags. Rows lie in the table in no order, so that each costs a buffer.
 */
export async function openListData(kind: 'postgres-15' | 'postgres-17'): Promise<ListData> {
  const ledger = await openLedger(kind);
  const { db, ada } = ledger;
  await db.exec(`
    insert into runledger.users (id) select 'user ' || i from generate_series(0, 198) i union all values ('unlucky'), ('wordy');
    insert into runledger.workflows (user_id, name, workflow_type, task_queue)
      select '${ada.id}', 'Workflow ' || i, 'order', 'demo' from generate_series(2, 20) i;
    create table runledger_private.drafts (created_by text, at timestamptz, took interval, status text, error text, kind text,
      workflow integer, verdict text, tags text[], name text);
    insert into runledger_private.drafts
      select case when i % 2 = 0 then '${ada.id}' else 'user ' || (i / 2 % 199) end,
             '2026-01-01'::timestamptz + (i - (i % 7 = 0)::int) * interval '20 seconds',
             (1 + (i::bigint * 7919) % 600000) * interval '1 millisecond', s.status,
             case when s.status in ('failed', 'cancelled', 'timed_out')
               then 'Card ' || md5(i::text) || ' was declined by the bank' end,
             case when s.status in ('failed', 'timed_out') then left(md5((i % 5)::text), 16) end,
             case when i % 5 < 2 then 1 else 2 + i / 5 % 19 end, case when i % 50 = 0 then 'rejected' end,
             array['shop-' || i % 7, 'day-' || i % 31] || case when i = 2 then array['first'] else '{}' end, 'run-' || i
        from generate_series(1, 60000) i
       cross join lateral (select case when i > 59960 then 'running' when i * 13 % 100 < 4 then 'failed'
         when i * 13 % 100 < 7 then 'cancelled' when i * 13 % 100 < 9 then 'timed_out' else 'completed' end as status) s
      union all
      select 'unlucky', '2026-01-01'::timestamptz + i * interval '1 minute', interval '1 second',
             case when i = 1 then 'completed' else 'failed' end, case when i > 1 then 'Card was declined by the bank' end,
             case when i > 1 then '${KIND_OF_FAILURE}' end, 2, null, '{}', 'unlucky-' || i
        from generate_series(1, 6000) i
      union all
      select 'wordy', '2026-01-01'::timestamptz + i * interval '1 minute', interval '1 second', 'failed',
             (select string_agg(md5(i || ' ' || n), ' ') from generate_series(1, 120) n), '${KIND_OF_FAILURE}', 3, null,
             array(select left(repeat(md5(i || '-' || n), 6), 190) from generate_series(1, 50) n), 'wordy-' || i
        from generate_series(1, 1000) i;
    -- Indexes are filled afterwards in a fraction of the time, and no fuller than rows that come one by one leave them.
    do $$ declare index regclass; begin
      for index in select i.indexrelid from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam
                    where i.indrelid = 'runledger.workflow_executions'::regclass and a.amname = 'btree' loop
        execute format('alter index %s set (fillfactor = 70)', index);
      end loop;
    end $$;
    update pg_index set indisready = false, indisvalid = false where indrelid = 'runledger.workflow_executions'::regclass;
    -- Rows as the guards would have made them; what follows from a change is not needed here.
    set session_replication_role = replica;
    insert into runledger.workflow_executions (workflow_id, created_by, engine, temporal_namespace, temporal_workflow_id,
      temporal_run_id, current_run_id, closing_run_id, status, outcome_authority, error_message, failure_group,
      started_at, completed_at, duration_ms, recorded_at, verdict, tags, metadata, input, output, last_transition)
    select w.ids[d.workflow], d.created_by, 'temporal', 'default', d.name, 'first', 'first',
           case when e.ended then 'first' end, d.status, case when e.ended then 'engine' end, d.error, d.kind, d.at,
           case when e.ended then d.at + d.took end, case when e.ended then extract(epoch from d.took) * 1000 end,
           case when e.ended then d.at + d.took end, d.verdict, d.tags, '{"shop": "berlin"}', '{"amount": 3}', '{}', '{}'
      from runledger_private.drafts d
     cross join (select array_agg(id order by name = 'Order' desc, name) as ids from runledger.workflows
                  where user_id = '${ada.id}') w
     cross join lateral (select d.status <> 'running' as ended) e
     order by md5(d.name);
    reset session_replication_role;
    reindex table runledger.workflow_executions;
    insert into runledger.execution_checks (execution_id, created_by, temporal_namespace, started_at, health)
      select e.id, e.created_by, 'default', e.started_at, case when e.temporal_workflow_id like '%6' then 'late' else 'live' end
        from runledger.workflow_executions e where e.status = 'running';`);
  await db.exec('vacuum analyze runledger.workflow_executions');
  await db.exec('vacuum analyze runledger.execution_checks');
  const workflows = await db.query<{ id: string }>(
    `select id from runledger.workflows where user_id = $1 order by name = 'Order' desc, name`,
    [ada.id],
  );
  return { ...ledger, workflowIds: workflows.map(({ id }) => id) };
}
