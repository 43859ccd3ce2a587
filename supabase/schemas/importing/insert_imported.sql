/* Writes what rows become: workflows that are missing, then the executions, in the order of locks. An end of long ago
   stands as it was reported: Temporal has forgotten it, and the monitor need not ask.
   Callers: import_some. */
-- for: service_role
create function runledger_private.insert_imported(p_items runledger_private.import_item[], p_confirms_since timestamptz)
returns void
language plpgsql
set search_path = ''
as $$
begin
  perform from runledger.users u where u.id = any (array(select (i.e).created_by from unnest(p_items) i))
    order by u.id for key share;
  perform runledger_private.import_workflows(p_items);
  perform from runledger.workflows w where w.id = any (array(select (i.e).workflow_id from unnest(p_items) i))
    order by w.id for key share;
  insert into runledger.workflow_executions (id, workflow_id, created_by, engine, temporal_namespace,
      temporal_workflow_id, temporal_run_id, status, outcome_authority, input, output, error_message, failure,
      state_snapshot, started_at, engine_started_at, first_task_at, completed_at, duration_ms, activities_executed,
      verdict, tags, metadata, cancel_requested_at, cancel_requested_by, cancel_reason, last_transition)
    select (i.e).id, (i.e).workflow_id, (i.e).created_by, (i.e).engine, (i.e).temporal_namespace,
           (i.e).temporal_workflow_id, (i.e).temporal_run_id, (i.e).status, (i.e).outcome_authority, (i.e).input,
           (i.e).output, (i.e).error_message, (i.e).failure, (i.e).state_snapshot, (i.e).started_at,
           (i.e).engine_started_at, (i.e).first_task_at, (i.e).completed_at, (i.e).duration_ms,
           (i.e).activities_executed, (i.e).verdict, (i.e).tags, (i.e).metadata, (i.e).cancel_requested_at,
           (i.e).cancel_requested_by, (i.e).cancel_reason,
           jsonb_build_object('source', 'service', 'reason', 'imported')
      from unnest(p_items) i order by (i.e).id;
  delete from runledger.execution_checks k
   using unnest(p_items) i where k.execution_id = (i.e).id and (i.e).completed_at < p_confirms_since;
end $$;
