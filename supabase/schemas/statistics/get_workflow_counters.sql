-- How many executions there are since the beginning, and in windows that cells can say exactly.

/* Executions by status since the beginning, per workflow: of a user, or of everybody for the workflows that p_owner_id
   owns.
   Callers: the router. */
-- for: service_role, authenticated
create function runledger.get_workflow_counters(p_user_id text default null, p_owner_id text default null)
returns table (workflow_id uuid, total bigint, pending bigint, running bigint, completed bigint, failed bigint,
  cancelled bigint,
  timed_out bigint, terminated bigint, as_of timestamptz)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_user text := case when p_owner_id is null then runledger_private.stats_user(p_user_id) else '' end;
  v_owned uuid[] := case when p_owner_id is not null
    then array(select w.id from runledger.workflows w where w.user_id = p_owner_id) end;
begin
  return query
  with tail as (
    select t.workflow_id, sum(t.n) filter (where t.status = 'pending') as pending,
           sum(t.n) filter (where t.status = 'running') as running,
           sum(t.n) filter (where t.status = 'completed') as completed,
           sum(t.n) filter (where t.status = 'failed') as failed,
           sum(t.n) filter (where t.status = 'cancelled') as cancelled,
           sum(t.n) filter (where t.status = 'timed_out') as timed_out,
           sum(t.n) filter (where t.status = 'terminated') as terminated
      from runledger_private.tail_in(v_user, null, '-infinity', 'infinity') t
     where v_owned is null or t.workflow_id = any (v_owned) group by 1),
  cell as (
    select s.workflow_id, s.pending, s.running, s.completed, s.failed, s.cancelled, s.timed_out, s.terminated
      from runledger.execution_stats s
     where s.created_by = v_user and s.grain = 'life' and s.workflow_id > '00000000-0000-0000-0000-000000000000'
       and (v_owned is null or s.workflow_id = any (v_owned))),
  merged as (
    select coalesce(c.workflow_id, t.workflow_id) as workflow_id,
           coalesce(c.pending, 0) + coalesce(t.pending, 0) as pending,
           coalesce(c.running, 0) + coalesce(t.running, 0) as running,
           coalesce(c.completed, 0) + coalesce(t.completed, 0) as completed,
           coalesce(c.failed, 0) + coalesce(t.failed, 0) as failed,
           coalesce(c.cancelled, 0) + coalesce(t.cancelled, 0) as cancelled,
           coalesce(c.timed_out, 0) + coalesce(t.timed_out, 0) as timed_out,
           coalesce(c.terminated, 0) + coalesce(t.terminated, 0) as terminated
      from cell c full join tail t on t.workflow_id = c.workflow_id)
  select b.workflow_id, b.pending + b.running + b.completed + b.failed + b.cancelled + b.timed_out + b.terminated,
         b.pending, b.running, b.completed, b.failed, b.cancelled, b.timed_out, b.terminated, statement_timestamp()
    from merged b
   where b.pending + b.running + b.completed + b.failed + b.cancelled + b.timed_out + b.terminated > 0
   order by 1;
end $$;
