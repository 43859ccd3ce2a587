import type { DatabaseKind } from '../ledger-database.ts';
import { openLedger } from '../ledger-database.ts';

/**
 * A ledger of so many executions: ada has every second one, in 20 workflows of which the first has 40 %; 199 others share
 * the rest and run the same workflows. 90 % completed, 4 % failed, 3 % cancelled, 2 % timed out, the newest are open.
 * Every seventh start is at the same microsecond as the one before.
 */
export async function openListData(kind: DatabaseKind, rows: number) {
  const ledger = await openLedger(kind);
  const { db, ada } = ledger;
  await db.exec(`
    insert into public.users (id) select 'user ' || i from generate_series(0, 198) i;
    insert into public.workflows (user_id, name, workflow_type, task_queue)
      select '${ada.id}', 'Workflow ' || i, 'order', 'demo' from generate_series(2, 20) i;
    -- Rows as the guards would have made them; what follows from a change is not needed here.
    alter table public.workflow_executions disable trigger user;
    insert into public.workflow_executions (workflow_id, created_by, engine, temporal_namespace, temporal_workflow_id,
      temporal_run_id, current_run_id, status, outcome_authority, error_message, failure, failure_group, started_at,
      completed_at, duration_ms, recorded_at, verdict, tags, metadata, input, output, last_transition)
    select (array(select w.id from public.workflows w where w.user_id = '${ada.id}' order by w.name))
             [case when i % 5 < 2 then 1 else 2 + (i / 5) % 19 end],
           case when i % 2 = 0 then '${ada.id}' else 'user ' || (i / 2 % 199) end,
           'temporal', 'default', 'run-' || i, 'first', 'first', s.status,
           case when s.status not in ('pending', 'running') then 'engine' end,
           s.error, case when s.error is not null then jsonb_build_object('type', 'Declined', 'message', s.error) end,
           case when s.status in ('failed', 'timed_out') then left(md5((i % 5)::text), 16) end,
           s.at, case when s.status not in ('pending', 'running') then s.at + s.took * interval '1 millisecond' end,
           case when s.status not in ('pending', 'running') then s.took end,
           case when s.status not in ('pending', 'running') then s.at + s.took * interval '1 millisecond' end,
           case when i % 50 = 0 then 'rejected' end, array['shop-' || i % 7, 'day-' || i % 31],
           jsonb_build_object('shop', 'berlin'), jsonb_build_object('amount', i), '{}', '{}'
      from (select i, '2026-01-01'::timestamptz + (i - (i % 7 = 0)::int) * interval '20 seconds' as at,
                   (1 + (i::bigint * 7919) % 600000) as took,
                   case when i > ${rows} - 40 then 'running' when i * 13 % 100 < 4 then 'failed'
                        when i * 13 % 100 < 7 then 'cancelled' when i * 13 % 100 < 9 then 'timed_out'
                        else 'completed' end as status,
                   case when i <= ${rows} - 40 and i * 13 % 100 < 9
                        then 'Card ' || md5(i::text) || ' was declined by the bank' end as error
              from generate_series(1, ${rows}) i) s;
    alter table public.workflow_executions enable trigger user;
    insert into public.execution_checks (execution_id, created_by, temporal_namespace, started_at, health)
      select e.id, e.created_by, 'default', e.started_at, case when row_number() over () % 3 = 0 then 'late' else 'live' end
        from public.workflow_executions e where e.status = 'running';`);
  await db.exec('vacuum analyze public.workflow_executions');
  await db.exec('vacuum analyze public.execution_checks');
  return ledger;
}
