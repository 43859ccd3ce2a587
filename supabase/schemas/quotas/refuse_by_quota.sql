/* Refuses by the limit that frees last, so that whoever waits for it is not refused by the next one.
   Callers: admit_by_quota, refuse_by_storage. */
-- for: service_role
create function runledger_private.refuse_by_quota(p_state jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_kind constant text := p_state ->> 'kind';
  v_limit constant bigint := (p_state ->> 'limit')::bigint;
  v_frees timestamptz := (p_state ->> 'freesAt')::timestamptz;
  v_of text := 'in all workflows together';
begin
  if p_state ->> 'workflowId' is not null then
    select format('of the workflow "%s"', w.name) into v_of
      from runledger.workflows w where w.id = (p_state ->> 'workflowId')::uuid;
  end if;
  raise exception '%', case when v_kind = 'storedBytes'
      then format('You may keep %s bytes of inputs, outputs, metadata and definitions, and keep %s.',
                  to_char(v_limit, 'FM999,999,999,999,999,990'),
                  to_char((p_state ->> 'used')::bigint, 'FM999,999,999,999,999,990'))
      when v_kind = 'concurrentExecutions'
      then format('Only %s %s at a time may be open %s, and %s.', v_limit, case v_limit when 1 then 'execution'
        else 'executions' end, v_of,
                  case v_limit when 0 then 'none is allowed' when 1 then 'one is' else v_limit || ' are' end)
      else format('Only %s %s %s may be started %s, and %s of them %s used.', v_limit,
                  case v_limit when 1 then 'execution' else 'executions' end,
                  case v_kind when 'executionsPerHour' then 'an hour' when 'executionsPerDay' then 'a day'
                    else 'a month' end, v_of,
                  p_state ->> 'used', case when p_state ->> 'used' = '1' then 'is' else 'are' end) end
    using errcode = 'PT429', detail = 'quota_exceeded ' || p_state::text,
          hint = case when v_kind = 'storedBytes'
                        then 'Delete executions that you no longer need, or ask the operator for a higher limit.'
                      when v_limit = 0 then 'The operator has closed it; ask them.'
                      when v_frees is null then 'Try again when one of them has ended.'
                      else format('Try again at %s UTC.', to_char(v_frees at time zone 'UTC',
                        'YYYY-MM-DD HH24:MI')) end;
end $$;
