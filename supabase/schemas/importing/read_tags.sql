/* Text as a list of tags: an array, its JSON, or words between commas. Callers: read_run. */
-- for: service_role
create function runledger_private.read_tags(p jsonb) returns text[]
language sql immutable
set search_path = ''
as $$
  select coalesce(array_agg(trim(t.tag) order by t.n), '{}')
    from (select x.value as tag, x.ordinality as n
            from jsonb_array_elements_text(case when jsonb_typeof(runledger_private.unwrap_object(p)) = 'array'
              then runledger_private.unwrap_object(p) else '[]' end)
              with ordinality x
          union all
          select s.value, s.ordinality from string_to_table(
            case when jsonb_typeof(runledger_private.unwrap_object(p)) = 'string' then p #>> '{}' end,
            ',') with ordinality s (value, ordinality)) t
   where trim(t.tag) <> '';
$$;
