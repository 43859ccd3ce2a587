/* Brings executions to what their rows say now: an end, a start, and whatever else a row may change of them. An end
   that the ledger has stands, as does what never changes of an execution, and what changed here and is yet to be
   written back; compare_import tells what then differs.
   Callers: forward_some. Returns how many changed. */
-- for: service_role
create function runledger_private.change_imported(p_source text, p_items runledger_private.import_item[])
returns integer
language plpgsql
set search_path = ''
as $$
declare
  n integer;
begin
  perform from runledger.workflow_executions x
    where x.id = any (array(select i.execution_id from unnest(p_items) i)) order by x.id for no key update;
  with change as (
    select x.id, i.e, runledger_private.is_open(x.status) and not runledger_private.is_open((i.e).status) as ends,
           x.status = 'pending' and (i.e).status = 'running' as starts,
           x.outcome_authority = 'reported' and x.lost_at is null and x.status = (i.e).status as is_same_end_there,
           exists (select from runledger.forwarded_rows n
                    where n.source = p_source and n.execution_id = x.id) as is_newer_here
      from unnest(p_items) i join runledger.workflow_executions x on x.id = i.execution_id),
  settled as (
    select c.*, c.is_same_end_there and not c.is_newer_here as is_same_end from change c),
  next as (
    select c.id, c.ends or c.starts as moves, c.ends,
           case when c.ends or c.starts then (c.e).status else x.status end as status,
           case when (c.e).temporal_workflow_id = x.temporal_workflow_id
             then coalesce(x.temporal_run_id, (c.e).temporal_run_id) else x.temporal_run_id end as temporal_run_id,
           case when c.ends or c.is_same_end then (c.e).completed_at else x.completed_at end as completed_at,
           case when c.ends or (c.is_same_end and (c.e).duration_ms is not null) then (c.e).duration_ms
                else x.duration_ms end as duration_ms,
           case when c.ends or c.is_same_end then coalesce((c.e).output, x.output) else x.output end as output,
           case when c.ends or c.is_same_end then (c.e).error_message else x.error_message end as error_message,
           case when c.ends or c.is_same_end then (c.e).failure else x.failure end as failure,
           case when c.is_newer_here then x.input else coalesce((c.e).input, x.input) end as input,
           case when c.is_newer_here then x.state_snapshot
                else coalesce((c.e).state_snapshot, x.state_snapshot) end as state_snapshot,
           case when c.is_newer_here then x.activities_executed
                else coalesce((c.e).activities_executed, x.activities_executed) end as activities_executed,
           case when c.is_newer_here then x.verdict else coalesce((c.e).verdict, x.verdict) end as verdict,
           case when c.is_newer_here or (c.e).tags = '{}' then x.tags else (c.e).tags end as tags,
           case when c.is_newer_here then x.metadata else x.metadata || (c.e).metadata end as metadata
      from settled c join runledger.workflow_executions x on x.id = c.id)
  update runledger.workflow_executions x
     set status = v.status, temporal_run_id = v.temporal_run_id, completed_at = v.completed_at,
         outcome_authority = case when v.ends then 'reported' else x.outcome_authority end,
         duration_ms = v.duration_ms, output = v.output, error_message = v.error_message, failure = v.failure,
         input = v.input, state_snapshot = v.state_snapshot, activities_executed = v.activities_executed,
         verdict = v.verdict, tags = v.tags, metadata = v.metadata,
         last_transition = case when v.moves then jsonb_build_object('source', 'service', 'reason', 'forwarded')
                                else x.last_transition end
    from next v
   where v.id = x.id
     and (x.status, x.temporal_run_id, x.completed_at, x.duration_ms, x.output, x.error_message, x.failure, x.input,
          x.state_snapshot, x.activities_executed, x.verdict, x.tags, x.metadata)
         is distinct from
         (v.status, v.temporal_run_id, v.completed_at, v.duration_ms, v.output, v.error_message, v.failure, v.input,
          v.state_snapshot, v.activities_executed, v.verdict, v.tags, v.metadata);
  get diagnostics n = row_count;
  return n;
end $$;
