-- What the columns of an execution may say together.

/* True, or the error that names the rule that is broken. The one check of runledger.workflow_executions: each statement
   parses all check expressions of its table anew, and as twenty of them they were a third of a write.
   Callers: the constraint an_execution_obeys_its_rules. */
-- for: service_role
create function runledger_private.check_execution(
  engine text, temporal_namespace text, temporal_workflow_id text, temporal_run_id text, current_run_id text,
  closing_run_id text, run_count integer, status text, outcome_authority text, error_message text,
  completed_at timestamptz,
  duration_ms bigint, activities_executed integer, verdict text, tags text[], metadata_type text,
  cancel_requested_at timestamptz, cancel_requested_by text, start_by timestamptz, recorded_at timestamptz,
  last_transition_type text, lost_at timestamptz) returns boolean
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  is_open constant boolean := runledger_private.is_open(status);
  is_temporal constant boolean := engine = 'temporal';
  rule constant text := case
    when engine not in ('temporal', 'none') then 'engine_is_temporal_or_none'
    when not (runledger_private.is_open(status) or runledger_private.is_end(status))
      then 'status_is_known'
    when outcome_authority not in ('engine', 'reported') then 'outcome_authority_is_engine_or_reported'
    when case when is_open then num_nonnulls(outcome_authority, completed_at, duration_ms, recorded_at,
      closing_run_id) > 0
              else num_nulls(outcome_authority, completed_at, recorded_at) > 0
                   or (duration_ms is null and lost_at is null) end
      then 'only_an_ended_execution_has_authority_end_and_duration'
    when lost_at is not null and (is_open or outcome_authority <> 'reported' or not is_temporal)
      then 'only_a_reported_end_is_of_an_execution_that_the_engine_lost'
    when not is_open and status <> 'completed'
      and error_message is null then 'an_execution_that_did_not_complete_says_why'
    when duration_ms < 0 then 'duration_is_not_negative'
    when is_temporal <> (temporal_workflow_id is not null) or is_temporal <> (temporal_namespace is not null)
      then 'an_engine_execution_names_namespace_and_workflow_id'
    when not is_temporal and (num_nonnulls(temporal_run_id, current_run_id, closing_run_id, start_by) > 0
                              or outcome_authority = 'engine')
      then 'a_direct_execution_has_no_run'
    when start_by is not null and status = 'running' and temporal_run_id is null
      then 'an_execution_that_the_ledger_starts_runs_with_its_run_id'
    when octet_length(temporal_workflow_id) not between 1 and 1000 then 'temporal_workflow_id_has_1_to_1000_bytes'
    when run_count < 1 then 'run_count_is_positive'
    when activities_executed < 0 then 'activities_executed_is_not_negative'
    when length(error_message) > 4000 then 'error_message_has_at_most_4000_characters'
    when length(verdict) > 100 then 'verdict_has_at_most_100_characters'
    when cardinality(tags) > 50 then 'at_most_50_tags'
    when metadata_type <> 'object' then 'metadata_is_an_object'
    when (cancel_requested_at is null) <> (cancel_requested_by is null) then 'a_cancel_request_says_who'
    when last_transition_type <> 'object' then 'last_transition_is_an_object'
  end;
begin
  if rule is null then return true; end if;
  raise exception 'An execution breaks the rule "%".', rule
    using errcode = 'check_violation', schema = 'runledger', table = 'workflow_executions', constraint = rule;
end $$;
