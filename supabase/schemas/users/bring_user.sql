/* Whether things may be recorded for a user, who is brought from the source where runledger.users has them not yet: a
   sign-up does not wait for the ledger, so the ledger may come later. False: unknown to both, or has left.
   Callers: require_user, adopt_executions, adopt_run, import_users. */
-- for: service_role
create function runledger_private.bring_user(p_user text, p_dry_run boolean default false) returns boolean
language plpgsql security definer
set search_path = ''
as $$
declare
  v_left timestamptz;
  v_source record;
begin
  select u.left_at into v_left from runledger.users u where u.id = p_user;
  if found then return v_left is null; end if;
  select * into v_source from runledger_private.source_has_user(p_user);
  if v_source.has_user is not true then return false; end if;
  if not p_dry_run then
    perform runledger_private.bring_users(array[p_user],
      case when v_source.account is not null then array[v_source.account] end);
  end if;
  return true;
end $$;
