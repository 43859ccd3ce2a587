/* Whether the source has a user now; null where no source is followed, or it is gone.
   Callers: bring_user, settle_users. */
-- for: service_role
create function runledger_private.source_has_user(p_user text, out has_user boolean, out account uuid)
language plpgsql stable security definer
set search_path = ''
as $$
declare
  s runledger.user_source;
begin
  select * into s from runledger.user_source;
  if not found then return; end if;
  execute 'select ' || runledger_private.source_match_sql(s, '$1') into has_user using p_user;
  if has_user and s.auth_user_column is not null then
    execute format('select s.%I::uuid from %s s where %s = $1 limit 1', s.auth_user_column, s.source,
      runledger_private.user_id_sql(s.key_columns)) into account using p_user;
  end if;
exception
  -- The source or a column of it is gone, or it knows no such id: `abc` among numbers.
  when undefined_table or undefined_column then return;
  when invalid_text_representation or numeric_value_out_of_range or datetime_field_overflow then
    has_user := false;
end $$;
