/* What a look reads: up to p_most rows of each branch from a position on, as (branch, v, id, ok) and the columns that
   are shown; of workflows, as many of each. Callers: look_at_executions, rows_in_window. */
-- for: service_role
create function runledger_private.source_sql(p_source jsonb, p_list jsonb, p_after jsonb, p_most integer) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  col text := 'e.' || quote_ident(p_list ->> 'column');
  beyond text := runledger_private.beyond_sql(p_list, p_after, col, 'e.id');
  tail text := format('order by %s %s, e.id %2$s limit %s', col, p_list ->> 'direction', p_most);
  row_sql text := format('%s as v, e.id, %s as ok%s', col, p_list ->> 'filter',
    (select string_agg(format(', e.%I', c), '') from jsonb_array_elements_text(p_list -> 'columns') c where c <> 'id'));
begin
  case p_source ->> 'kind'
  when 'scan' then
    return (select string_agg(format('(select %s as branch, %s
       from runledger.workflow_executions e where %s and %s %s)',
                                     b.ordinality, row_sql, b.value, beyond, tail), ' union all ')
              from jsonb_array_elements_text(p_source -> 'branches') with ordinality b);
  when 'workflows' then
    return format('select 1 as branch, f.* from runledger.workflows w cross join lateral (select %s
       from runledger.workflow_executions e where e.workflow_id = w.id and %s %s) f', row_sql, beyond, tail);
  when 'few' then
    return format('select 1 as branch, %s from runledger.workflow_executions e where e.ctid = any (%L::tid[]) and %s',
                  row_sql, runledger_private.text_array(p_source -> 'places'), beyond);
  when 'ids' then
    return format(
      'select i.branch, f.* from unnest(%L::text[]) with ordinality i (name, branch)
        cross join lateral (
          (select %s from runledger.workflow_executions e
            where e.id = case when i.name ~* ''^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$'' then i.name::uuid end
             and %s)
          union all
          (select %2$s from runledger.workflow_executions e
            where e.temporal_workflow_id = i.name and %3$s %s)) f',
      runledger_private.text_array(p_source -> 'ids'), row_sql, beyond, tail);
  end case;
end $$;
