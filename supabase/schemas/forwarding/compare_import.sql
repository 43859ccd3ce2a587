/* Compares the next rows of a table with the executions they are, in what both have: which rows differ, in what, and
   which are not in the ledger, with the reason. The last part also counts the executions that a table which gets them
   back lacks.
   Callers: ImportService.compare. Returns { source, rows, same, after, done, differences: [{ what, rows, example,
   theirs, ours }] }. */
-- for: service_role
create function runledger.compare_import(p_source text default null, p_options jsonb default null,
  p_after text default null, p_limit integer default 1000) returns jsonb
language plpgsql stable
set search_path = '' set timezone = 'UTC'
as $$
declare
  v_plan constant jsonb := case when p_options is null
    then runledger_private.forwarded_plan(p_source) else runledger_private.import_plan(p_source, p_options) end;
  v_limit constant integer := least(greatest(coalesce(p_limit, 1000), 1), 5000);
  v_keys constant text[] := runledger_private.next_keys(v_plan, p_after, v_limit);
  v_is_done constant boolean := cardinality(v_keys) < v_limit;
  v_found jsonb;
begin
  with item as (
    select i.key, i.reason, i.result, i.e, k.execution_id, x.id as found, to_jsonb(x) as x
      from unnest(case when v_keys <> '{}' then runledger_private.read_rows(v_plan, v_keys) end) i
      left join runledger_private.imported_as(v_plan ->> 'source', v_keys) k on k.key = i.key
      left join runledger.workflow_executions x on x.id = coalesce(k.execution_id, (i.e).id)),
  difference as (
    select i.key, 'it is not in the ledger' as what, i.reason as theirs, null as ours from item i where i.found is null
    union all
    select i.key, f.name, f.theirs, f.ours
      from item i
     cross join lateral runledger_private.imported_values(i.e, i.x) f
     where i.found is not null and i.result is null and f.theirs is distinct from f.ours)
  select jsonb_build_object('rows', cardinality(v_keys), 'same', cardinality(v_keys) - count(distinct d.key),
           'differences', (
             select coalesce(jsonb_agg(to_jsonb(g) order by g.rows desc), '[]')
               from (select what, count(*) as rows, min(key) as example, left(min(theirs), 200) as theirs,
                            left(min(ours), 200) as ours from difference group by 1) g))
    into v_found from difference d;
  if v_is_done then
    v_found := jsonb_set(v_found, '{differences}',
      v_found -> 'differences' || runledger_private.executions_without_row(v_plan));
  end if;
  return v_found || jsonb_build_object('source', v_plan ->> 'source', 'done', v_is_done,
    'after', coalesce(v_keys[cardinality(v_keys)], p_after));
end $$;
