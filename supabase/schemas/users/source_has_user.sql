/* Whether the source has a user now; null where no source is followed, it is gone, or it may not be read as a whole.
   Callers: bring_user, settle_users. */
-- for: service_role
create function runledger_private.source_has_user(p_user text, out has_user boolean, out account uuid)
language plpgsql stable security definer
set search_path = ''
set row_security = off
as $$
declare
  s runledger.user_source;
begin
  select * into s from runledger.user_source;
  if not found then return; end if;
  execute 'select ' || runledger_private.source_match_sql(s, '$1') into has_user using p_user;
  if has_user and s.auth_user_column is not null then
    execute format('select r.account from (select %s from %s s) r where r.id = $1 limit 1',
      runledger_private.user_columns_sql(s.key_columns, s.auth_user_column, s.left_column), s.source)
      into account using p_user;
  end if;
exception
  -- The source or a column of it is gone or hidden, or it knows no such id: `abc` among numbers.
  when undefined_table or undefined_column or insufficient_privilege then return;
  when invalid_text_representation or numeric_value_out_of_range or datetime_field_overflow then
    has_user := false;
end $$;
