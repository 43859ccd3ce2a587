/* One page of a scope's executions by any filter, in any order, without payloads: { rows, next, searchedUntil }.
   next is { value, id } of where the following page begins, null at the end; searchedUntil the sort value up to which
   everything was searched where the page was not filled. Callers: ExecutionReader.list, ExecutionService.list*. */
-- for: service_role
create function runledger.search_executions(p_user_id text default null, p_workflow_id uuid default null,
                                         p_filter jsonb default '{}',
                                         p_order_by text default 'started_at', p_ascending boolean default false,
                                         p_limit integer default 50, p_after jsonb default null,
                                         p_everybody boolean default false) returns json
language plpgsql stable
set search_path = ''
as $$
declare
  filter jsonb := runledger_private.check_execution_search(p_user_id, p_workflow_id, runledger_private.unwrap(p_filter),
    p_order_by, p_everybody);
  after jsonb := nullif(runledger_private.unwrap(p_after), 'null');
  most integer := least(greatest(p_limit, 1), 1000);
  hits jsonb;
  shown json[];
  ended jsonb;
  last jsonb;
begin
  if filter ? 'ids' and filter - 'ids' = '{}' then
    select n.hits, n.shown into hits, shown from runledger_private.find_named_executions(
      p_user_id, p_workflow_id, runledger_private.text_array(filter -> 'ids'), p_ascending, after, most + 1) n;
  end if;
  if hits is null then
    select f.hits, f.shown, f.ended into hits, shown, ended
      from runledger_private.find_executions(p_user_id, p_workflow_id, filter,
      jsonb_build_object('orderBy', p_order_by, 'ascending', p_ascending, 'columns', (
        select jsonb_agg(a.attname order by a.attnum) from pg_catalog.pg_attribute a
         where a.attrelid = 'runledger_private.execution_summaries'::regclass and a.attnum > 0
           and a.attname <> 'large_metadata')), after, most + 1) f;
  end if;
  if jsonb_array_length(hits) > most then
    last := hits -> most - 1;
    hits := hits - most;
  end if;
  return json_build_object(
    'rows', (select coalesce(json_agg(runledger_private.with_check(s.shown) order by s.n), '[]')
               from unnest(shown[1:most]) with ordinality s (shown, n)),
    'next', coalesce(last, ended),
    'searchedUntil', case when jsonb_array_length(hits) < most then ended ->> 'value' end);
end $$;
