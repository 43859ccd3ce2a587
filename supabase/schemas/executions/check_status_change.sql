/* Refuses an illegal change of status. The same rule as isLegalChange in @runledger/contracts.
   Callers: guard_execution. */
-- for: service_role
create function runledger_private.check_status_change(old_row runledger.workflow_executions,
  new_row runledger.workflow_executions,
                                            authority text) returns void
language plpgsql
set search_path = ''
as $$
begin
  if new_row.status <> 'pending' then
    if runledger_private.is_open(old_row.status) then return; end if;
    if authority = 'engine' and (
      old_row.outcome_authority = 'reported'
      or (new_row.status = 'running' and new_row.current_run_id is distinct from old_row.closing_run_id
          and new_row.current_run_id is not null)) then
      return;
    end if;
  end if;
  raise exception 'Execution % is % (%): it cannot become % by %.', old_row.id, old_row.status,
      coalesce(old_row.outcome_authority, 'open'), new_row.status,
      case authority when 'engine' then 'the engine' else 'report' end
    using errcode = 'PT409', detail = 'illegal_transition',
          hint = 'An end that was recorded stands; only Temporal itself corrects a report '
            || 'or reopens an execution by a reset.';
end $$;
