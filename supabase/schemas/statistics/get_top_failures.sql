/* The kinds of failures with most executions started in a window, of equal ones the one seen last: type, failing
   activity and shape of the message; when the first and the last of those still kept were started, and the last one's
   id. Callers: the router. */
-- for: service_role, authenticated
create function runledger.get_top_failures(p_workflow_id uuid default null, p_user_id text default null,
  p_from timestamptz default null,
                                        p_to timestamptz default null, p_limit integer default 10)
returns table (failure_group text, failure_type text, activity_type text, message text, executions bigint,
               first_started_at timestamptz, last_started_at timestamptz, last_execution_id uuid, as_of timestamptz)
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  v_user text := runledger_private.stats_user(p_user_id);
  v_workflow uuid := runledger_private.stats_workflow(p_workflow_id, v_user);
  v_redacts constant boolean := exists (select from runledger.workflows x where x.redact <> '{}');
  v_limit constant integer := least(greatest(p_limit, 1), 100);
  w record;
begin
  if p_user_id is not null and runledger_private.unless_left(p_user_id) is null then return; end if;
  select * into w from runledger_private.stats_window(p_from, p_to);
  -- Three statements, so that each looks up the first and the last in its own index, with one plan whatever it
  -- is asked.
  if v_user <> '' then
    return query
    select l.label, nullif(split_part(l.description, E'\n', 1), '-'), nullif(split_part(l.description, E'\n', 2), '-'),
           runledger_private.told_failure(split_part(l.description, E'\n', 3), v_redacts, p_workflow_id, z.id), l.n,
           a.started_at, z.started_at, z.id, statement_timestamp()
      from (select * from runledger_private.labels_in('failure', v_user, v_workflow, w.starts_at,
        w.days_from, w.days_to, w.ends_at)
             order by n desc, last_at desc fetch first (v_limit) rows with ties) l
      left join lateral (
        select e.started_at from runledger.workflow_executions e
         where e.created_by = v_user and e.failure_group = l.label
           and (p_workflow_id is null or e.workflow_id = p_workflow_id)
           and e.started_at >= w.starts_at and e.started_at < w.ends_at
         order by e.started_at, e.id limit 1) a on true
      left join lateral (
        select e.started_at, e.id from runledger.workflow_executions e
         where e.created_by = v_user and e.failure_group = l.label
           and (p_workflow_id is null or e.workflow_id = p_workflow_id)
           and e.started_at >= w.starts_at and e.started_at < w.ends_at
         order by e.started_at desc, e.id desc limit 1) z on true
     order by l.n desc, z.started_at desc nulls last, l.description, l.label limit v_limit;
  elsif v_workflow is not null then
    return query
    select l.label, nullif(split_part(l.description, E'\n', 1), '-'), nullif(split_part(l.description, E'\n', 2), '-'),
           runledger_private.told_failure(split_part(l.description, E'\n', 3), v_redacts, p_workflow_id, z.id), l.n,
           a.started_at, z.started_at, z.id, statement_timestamp()
      from (select * from runledger_private.labels_in('failure', v_user, v_workflow, w.starts_at,
        w.days_from, w.days_to, w.ends_at)
             order by n desc, last_at desc fetch first (v_limit) rows with ties) l
      left join lateral (
        select e.started_at from runledger.workflow_executions e
         where e.workflow_id = p_workflow_id and e.failure_group = l.label
           and e.started_at >= w.starts_at and e.started_at < w.ends_at
         order by e.started_at, e.id limit 1) a on true
      left join lateral (
        select e.started_at, e.id from runledger.workflow_executions e
         where e.workflow_id = p_workflow_id and e.failure_group = l.label
           and e.started_at >= w.starts_at and e.started_at < w.ends_at
         order by e.started_at desc, e.id desc limit 1) z on true
     order by l.n desc, z.started_at desc nulls last, l.description, l.label limit v_limit;
  else
    return query
    select l.label, nullif(split_part(l.description, E'\n', 1), '-'), nullif(split_part(l.description, E'\n', 2), '-'),
           runledger_private.told_failure(split_part(l.description, E'\n', 3), v_redacts, null, z.id), l.n,
           a.started_at, z.started_at, z.id, statement_timestamp()
      from (select * from runledger_private.labels_in('failure', v_user, v_workflow, w.starts_at,
        w.days_from, w.days_to, w.ends_at)
             order by n desc, last_at desc fetch first (v_limit) rows with ties) l
      left join lateral (
        select e.started_at from runledger.workflow_executions e
         where e.failure_group = l.label and e.id <> '00000000-0000-0000-0000-000000000000'
           and e.started_at >= w.starts_at and e.started_at < w.ends_at
         order by e.started_at, e.id limit 1) a on true
      left join lateral (
        select e.started_at, e.id from runledger.workflow_executions e
         where e.failure_group = l.label and e.id <> '00000000-0000-0000-0000-000000000000'
           and e.started_at >= w.starts_at and e.started_at < w.ends_at
         order by e.started_at desc, e.id desc limit 1) z on true
     order by l.n desc, z.started_at desc nulls last, l.description, l.label limit v_limit;
  end if;
end $$;
