/* Those of some users whom the source has now; null where no source is followed, it is gone, or it may not be read as
   a whole. Callers: source_has_user, import_users. */
-- for: service_role
create function runledger_private.source_has_users(p_users text[]) returns text[]
language plpgsql stable security definer
set search_path = ''
set row_security = off
as $$
declare
  s runledger.user_source;
  v_match text;
  v_user text;
  v_has boolean;
  v_found text[] := '{}';
begin
  select * into s from runledger.user_source;
  if not found then return null; end if;
  v_match := 'select ' || runledger_private.source_match_sql(s, '$1');
  foreach v_user in array p_users loop
    begin
      execute v_match into v_has using v_user;
      if v_has then v_found := v_found || v_user; end if;
    exception
      -- It knows no such id: `abc` among numbers.
      when invalid_text_representation or numeric_value_out_of_range or datetime_field_overflow then continue;
    end;
  end loop;
  return v_found;
exception
  -- The source or a column of it is gone or hidden.
  when undefined_table or undefined_column or insufficient_privilege then return null;
end $$;
