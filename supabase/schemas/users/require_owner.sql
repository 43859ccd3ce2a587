/* The same for what is not an execution. Callers: the triggers below. */
-- for: service_role
create function runledger_private.require_owner() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform runledger_private.require_user(new.user_id);
  return new;
end $$;

create trigger require_owner before insert on runledger.workflows
  for each row execute function runledger_private.require_owner();

create trigger require_owner before insert on runledger.execution_quotas
  for each row execute function runledger_private.require_owner();
