/* Text as a list of tags: an array, its JSON, or words between commas; null for null. Callers: read_run. */
-- for: service_role
create function runledger_private.read_tags(p jsonb) returns text[]
language plpgsql immutable strict
set search_path = ''
as $$
declare
  v constant jsonb := runledger_private.unwrap_object(p);
begin
  if coalesce(jsonb_typeof(v), 'null') not in ('array', 'string') or v = '[]' then return '{}'; end if;
  return (
    select coalesce(array_agg(trim(t.tag) order by t.n), '{}')
      from (select x.value as tag, x.ordinality as n
              from jsonb_array_elements_text(case when jsonb_typeof(v) = 'array' then v else '[]' end)
                with ordinality x
            union all
            select s.value, s.ordinality from string_to_table(
              case when jsonb_typeof(v) = 'string' then v #>> '{}' end, ',') with ordinality s (value, ordinality)) t
     where trim(t.tag) <> '');
end $$;
