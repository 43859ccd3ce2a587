/* Refuses a source that is not there or lacks a column. Callers: follow_users. */
-- for: service_role
create function runledger_private.check_user_source(p_source text, p_key text[], p_columns text[]) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_source constant regclass := to_regclass(p_source);
  v_column text;
begin
  if v_source is null or (select c.relkind not in ('r', 'p', 'v', 'm', 'f') or n.nspname = 'runledger'
                            from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                           where c.oid = v_source) then
    raise exception 'There is no table or view % whose rows are users.', p_source
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Name it with its schema, such as public.profiles.';
  end if;
  if coalesce(cardinality(p_key), 0) = 0 or '' = any (p_key) then
    raise exception 'The key of % has no column.', p_source
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Name one, or several separated by commas.';
  end if;
  select c.name into v_column from unnest(p_columns) c (name)
   where c.name is not null and not exists (
     select from pg_catalog.pg_attribute a
      where a.attrelid = v_source and a.attname = c.name and a.attnum > 0 and not a.attisdropped) limit 1;
  if found then
    raise exception '% has no column %.', p_source, v_column
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Name columns as they are, without quotes.';
  end if;
end $$;
