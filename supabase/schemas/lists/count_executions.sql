/* How many executions of a scope a filter finds: { count, exactness, limit, asOf }. Exact where counters say it or
   fewer than limit are found; else capped: there are at least count. Callers: ExecutionReader.count,
   ExecutionService.countExecutions. */
-- for: service_role
create function runledger.count_executions(p_user_id text default null, p_workflow_id uuid default null,
                                        p_filter jsonb default '{}', p_everybody boolean default false) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  filter jsonb := runledger_private.check_execution_search(p_user_id, p_workflow_id,
    runledger_private.unwrap(p_filter), p_everybody => p_everybody);
  most constant integer := 1000;
  statuses text[] := case when filter ? 'status' then runledger_private.text_array(filter -> 'status') end;
  starts_at timestamptz := filter ->> 'from';
  ends_at timestamptz := filter ->> 'to';
  -- Whatever ended in a window has an end, so it is found by it.
  by_end constant boolean := (p_user_id is not null or p_workflow_id is not null)
    and filter ?| array['endedFrom', 'endedTo'] and not filter ?| array['from', 'to', 'ids'];
  counted bigint;
  answer record;
  capped boolean := false;
begin
  if filter - array['status', 'from', 'to'] = '{}' then
    counted := runledger_private.count_from_cells(p_user_id, p_workflow_id, starts_at, ends_at, statuses)
      - runledger_private.count_pruned(p_user_id, p_workflow_id, starts_at, ends_at, statuses);
  end if;
  if counted is null then
    answer := runledger_private.find_executions(p_user_id, p_workflow_id, filter,
      jsonb_build_object('orderBy', case when by_end then 'completed_at' else 'started_at' end, 'ascending', false),
      null, most + 1);
    counted := least(jsonb_array_length(answer.hits), most);
    capped := answer.ended is not null or jsonb_array_length(answer.hits) > most;
  end if;
  return jsonb_build_object('count', counted, 'exactness', case when capped then 'capped' else 'exact' end,
                            'limit', most, 'asOf', now());
end $$;
