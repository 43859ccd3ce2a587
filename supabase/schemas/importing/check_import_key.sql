/* Refuses a key that was given where rows have none, or two have the same. Reads the whole table.
   Callers: import_workflow_runs, with the first rows of a pass. */
-- for: service_role
create function runledger_private.check_import_key(p_plan jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_rows bigint;
  v_keys bigint;
  v_twice text;
begin
  if p_plan -> 'options' ->> 'key' is null then return; end if;
  execute format('select sum(k.n), count(*) filter (where k.key is not null), min(k.key) filter (where k.n > 1)
      from (select t.%I::text as key, count(*) as n from %s t group by 1) k', p_plan ->> 'key', p_plan ->> 'source')
    into v_rows, v_keys, v_twice;
  if v_rows > v_keys then
    raise exception 'The column % does not tell the rows of % apart: rows %, different values %, %.', p_plan ->> 'key',
      p_plan ->> 'source', v_rows, v_keys, coalesce(format('%L more than once', left(v_twice, 200)), 'the others null')
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Name another column, or repair the rows.';
  end if;
end $$;
