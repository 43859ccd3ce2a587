/* Whether the source has a user now; null where no source is followed, it is gone, or it may not be read as a whole.
   Callers: bring_user, settle_users. */
-- for: service_role
create function runledger_private.source_has_user(p_user text, out has_user boolean, out account uuid)
language plpgsql stable security definer
set search_path = ''
set row_security = off
as $$
declare
  v_found constant text[] := runledger_private.source_has_users(array[p_user]);
  s runledger.user_source;
begin
  if v_found is null then return; end if;
  has_user := v_found <> '{}';
  select * into s from runledger.user_source;
  if has_user and s.auth_user_column is not null then
    execute format('select r.account from (select %s from %s s) r where r.id = $1 limit 1',
      runledger_private.user_columns_sql(s.key_columns, s.auth_user_column, s.left_column), s.source)
      into account using p_user;
  end if;
exception
  -- Its column of accounts is gone or hidden.
  when undefined_table or undefined_column or insufficient_privilege then has_user := null;
end $$;
