/* Writes an execution into the table: as the row that it is, else as a new one. Returns the key of that row.
   Callers: return_some. */
-- for: service_role
create function runledger_private.write_row(p_plan jsonb, p_key text, p_id uuid, p_row jsonb) returns text
language plpgsql
set search_path = ''
as $$
declare
  v_source constant text := p_plan ->> 'source';
  v_column constant text := p_plan -> 'columns' ->> 'id';
  v_row jsonb := p_row;
  v_names text;
  v_key text;
begin
  if p_key is not null then
    select string_agg(format('%1$I = r.%1$I', n), ', ' order by n) into v_names from jsonb_object_keys(v_row) n;
    execute format('update %1$s t set %2$s from jsonb_populate_record(null::%1$s, $1) r
      where t.%3$I = $2::%4$s returning t.%3$I::text', v_source, v_names, p_plan ->> 'key', p_plan ->> 'keyType')
      into v_key using v_row, p_key;
    if v_key is not null then return v_key; end if;
  end if;
  if v_column is not null and (p_plan ->> 'keyType' in ('uuid', 'text') or v_column <> p_plan ->> 'key') then
    v_row := v_row || jsonb_build_object(v_column, coalesce(p_key, p_id::text));
  end if;
  -- What is null here keeps the table's default.
  v_row := jsonb_strip_nulls(v_row);
  select string_agg(format('%I', n), ', ' order by n) into v_names from jsonb_object_keys(v_row) n;
  execute format('insert into %1$s (%2$s) select %2$s from jsonb_populate_record(null::%1$s, $1) r
    returning %3$I::text', v_source, v_names, p_plan ->> 'key') into v_key using v_row;
  return v_key;
end $$;
