/* Callers: the trigger below. */
-- for: service_role
create function runledger_private.touch_workflow() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.updated_at := clock_timestamp();
  return new;
end $$;

create trigger touch_workflow before update on runledger.workflows
  for each row execute function runledger_private.touch_workflow();
