/* How a row `r` of the host's table says one thing: by a column ("title"), a column and what stands in for null
   ({"column": "task_queue", "default": "main"}), or always the same ({"constant": "orders"}).
   Callers: follow_workflows. */
-- for: nobody
create function runledger_private.host_value(p_table regclass, p_option text, p_value jsonb) returns text
language plpgsql stable
set search_path = ''
as $$
declare
  v_column text := case jsonb_typeof(p_value) when 'string' then p_value #>> '{}' else p_value ->> 'column' end;
begin
  if p_value ->> 'constant' is not null then return format('%L::text', p_value ->> 'constant'); end if;
  if v_column is null or not exists (
    select from pg_catalog.pg_attribute a where a.attrelid = p_table and a.attname = v_column and a.attnum > 0
      and not a.attisdropped) then
    raise exception '% has no column "%" for the option "%" of follow_workflows.', p_table, v_column, p_option
      using errcode = 'PT400', detail = 'invalid_input', hint =
        'Name a column ("title"), or {"column": "task_queue", "default": "main"}, or {"constant": "orders"}.';
  end if;
  if p_value ->> 'default' is null then return format('r.%I::text', v_column); end if;
  return format('coalesce(r.%I::text, %L)', v_column, p_value ->> 'default');
end $$;
