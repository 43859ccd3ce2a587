/* A row of a list with how it stood when it was last looked at, where it is not settled. Callers: search_executions. */
-- for: service_role
create function runledger_private.with_check(p_row json) returns json
language plpgsql stable
set search_path = ''
as $$
begin
  if p_row ->> 'engine' <> 'temporal' or p_row ->> 'outcome_authority' = 'engine'
     or p_row ->> 'lost_at' is not null then
    return p_row;
  end if;
  return coalesce((
    select p_row::jsonb || jsonb_build_object('checked',
             jsonb_build_object('health', c.health, 'reason', c.reason, 'remedy', c.remedy,
                                'checkedAt', c.last_check_at))
      from runledger.execution_checks c
     where c.execution_id = (p_row ->> 'id')::uuid and c.health is not null)::json, p_row);
end $$;
