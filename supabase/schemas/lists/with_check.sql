/* A row of a list with how it stood when it was last looked at, where it is not settled. Callers: search_executions. */
-- for: service_role
create function runledger_private.with_check(p_row json) returns json
language plpgsql stable
set search_path = ''
as $$
declare
  -- Each look at a field would read the whole text anew.
  r record := (select e from json_to_record(p_row) e (id uuid, engine text, outcome_authority text, lost_at text));
begin
  if r.engine <> 'temporal' or r.outcome_authority = 'engine' or r.lost_at is not null then return p_row; end if;
  return coalesce((
    select p_row::jsonb || jsonb_build_object('checked',
             jsonb_build_object('health', c.health, 'reason', c.reason, 'remedy', c.remedy,
                                'checkedAt', c.last_check_at))
      from runledger.execution_checks c
     where c.execution_id = r.id and c.health is not null)::json, p_row);
end $$;
