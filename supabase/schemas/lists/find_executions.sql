/* Finds up to p_most executions of a scope from a position on, as [{ value, id }] and as rows to show. Where it stopped
   at its share of buffers, ended says how far it came; null where nothing is left or enough was found.
   Callers: search_executions, count_executions. */
-- for: service_role
create function runledger_private.find_executions(p_user_id text, p_workflow_id uuid, p_filter jsonb, p_list jsonb,
  p_after jsonb,
                                        p_most integer, out hits jsonb, out shown json[], out ended jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  order_by text := p_list ->> 'orderBy';
  list jsonb := runledger_private.list_order(p_filter, order_by, (p_list ->> 'ascending')::boolean)
    || jsonb_build_object('filter', runledger_private.execution_filter_sql(p_user_id, p_workflow_id, p_filter),
         'columns', coalesce(p_list -> 'columns', '[]'));
  -- Statuses alone are asked for most, and need the least.
  share integer := case when p_filter - array['status', 'from', 'to', 'verdict'] = '{}' then 1500 else 3000 end;
  -- Long texts and many tags lie outside of the row, which costs up to six buffers more: short steps, to notice it.
  step integer := case when p_filter ?| array['text', 'tags', 'allTags', 'notTags', 'taskQueue', 'workflowType',
                                            'origin']
    then 300 else 1500 end;
  at_start bigint := runledger_private.buffers_read();
  spent bigint;
  looked bigint := 0;
  candidate jsonb;
  source jsonb;
  -- Some more than are wanted: most lists find most of what they look at, and a second look costs as much as ten rows.
  first integer := greatest(50, least(p_most * 8 / 5, step));
  branches integer;
  affordable bigint;
  rows_all bigint := 0;
  rows_each integer;
  look record;
begin
  hits := '[]';
  if order_by <> 'started_at' and p_filter ? 'status'
     and runledger_private.text_array(p_filter -> 'status') <@ runledger_private.open_statuses() then return; end if;

  -- The first look is at each source: the one that comes furthest with it goes on.
  for candidate in select runledger_private.execution_sources(p_user_id, p_workflow_id, p_filter, order_by) loop
    branches := greatest(1, jsonb_array_length(coalesce(candidate -> 'branches', candidate -> 'ids', '[]')));
    look := runledger_private.look_at_executions(candidate, list, p_after, greatest(5, first / branches), p_most);
    looked := looked + look.looked;
    if source is null or look.ended is null or runledger_private.is_behind(list, look.ended, ended) then
      source := candidate;
      hits := look.hits;
      shown := look.shown;
      ended := look.ended;
    end if;
    exit when ended is null or jsonb_array_length(hits) = p_most;
  end loop;

  candidate := null;
  while ended is not null and jsonb_array_length(hits) < p_most loop
    if candidate is null then
      candidate := coalesce(runledger_private.rare_executions(p_user_id, p_workflow_id, p_filter, order_by), '{}');
      source := case when candidate = '{}' then source else candidate end;
    end if;
    branches := greatest(1, jsonb_array_length(coalesce(source -> 'branches', source -> 'ids', '[]')));
    spent := runledger_private.buffers_read() - at_start;
    affordable := greatest(share - spent, 0) * looked / greatest(spent, looked, 1);
    -- Rows that lie side by side cost few buffers, but each is compared.
    exit when source ->> 'kind' <> 'few' and (affordable < 20 * branches or looked > 20000);
    -- As many as should fill the page by what was found so far; where that was too few, twice as many.
    rows_all := greatest((p_most - jsonb_array_length(hits)) * looked * 5 / (4 * greatest(jsonb_array_length(hits), 1)),
                         2 * rows_all);
    rows_each := case when source ->> 'kind' = 'few' then 2000
      else greatest(15, least(rows_all, step, affordable) / branches) end;
    look := runledger_private.look_at_executions(source, list, ended, rows_each, p_most - jsonb_array_length(hits));
    looked := looked + look.looked;
    hits := hits || look.hits;
    shown := shown || look.shown;
    ended := look.ended;
  end loop;
  if jsonb_array_length(hits) >= p_most then ended := null; end if;
end $$;
