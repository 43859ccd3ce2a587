/* Refuses spellings of statuses that their column cannot hold, all of them at once, before anything is written: by its
   type (an enum, a length, a domain) and by the checks that look at nothing else. What other columns or tables say of
   one is seen when it is written.
   Callers: return_runs. */
-- for: nobody
create function runledger_private.check_spellings(p_plan jsonb, p_spellings jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_source constant regclass := (p_plan ->> 'source')::regclass;
  v_column constant text := p_plan -> 'columns' ->> 'status';
  v_checks constant text := (
    select string_agg(format('coalesce(%s, true)', pg_get_expr(k.conbin, k.conrelid)), ' and ')
      from pg_catalog.pg_constraint k join pg_catalog.pg_attribute a on a.attrelid = k.conrelid
     where k.conrelid = v_source and k.contype = 'c' and a.attname = v_column and k.conkey = array[a.attnum]);
  v_refused text[] := '{}';
  v_status text;
  v_spelling text;
  v_fits boolean;
begin
  for v_status, v_spelling in select s.key, s.value from jsonb_each_text(p_spellings) s order by s.key loop
    begin
      execute format('select %s from jsonb_populate_record(null::%s, jsonb_build_object($1, $2)) r',
        coalesce(v_checks, 'true'), v_source) into v_fits using v_column, v_spelling;
    exception when data_exception or integrity_constraint_violation then
      v_fits := false;
    end;
    if not v_fits then v_refused := v_refused || format('%s as "%s"', v_status, v_spelling); end if;
  end loop;
  if v_refused = '{}' then return; end if;
  raise exception 'The column % of % cannot hold how these would be spelled: %.', v_column, v_source,
      array_to_string(v_refused, ', ')
    using errcode = 'PT400', detail = 'invalid_input',
          hint = format('Say how the table spells each, as in runledger.return_runs(%L, ''{"%s": "…"}'').',
            v_source::text, split_part(v_refused[1], ' ', 1));
end $$;
