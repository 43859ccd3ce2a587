/* Callers: create_execution, admit_execution, create_workflow, execution_filter_sql. */
-- for: service_role
create function runledger_private.text_array(p jsonb) returns text[]
language plpgsql immutable
set search_path = ''
as $$
begin
  return (select coalesce(array_agg(t.value order by t.ordinality), '{}')
            from jsonb_array_elements_text(case when jsonb_typeof(p) = 'array' then p else '[]' end) with ordinality t);
end $$;
