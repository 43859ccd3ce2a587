-- Statistics that counters do not keep, by end or under the filter of a list: from the executions themselves.

/* Executions of a scope that a filter finds and that started (p_by start) or ended (end) in [p_from, p_to). Refused
   where no index leads to them among 20,000; 5,000 where the filter looks at what lies outside of the rows. p_filter is
   what check_execution_search returns; its own times narrow the window.
   Callers: filtered_stats, get_filtered_series. */
-- for: service_role
create function runledger_private.rows_in_window(p_user_id text, p_workflow_id uuid, p_filter jsonb, p_by text,
  p_from timestamptz, p_to timestamptz)
returns table (at timestamptz, status text, duration_ms bigint, queue_ms bigint, verdict text)
language plpgsql stable
set search_path = ''
-- As for lists: an ordered index scan stops at its limit.
set enable_seqscan = off
set enable_bitmapscan = off
set enable_sort = off
set enable_incremental_sort = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
#variable_conflict use_column
declare
  v_times constant text[] := case p_by when 'end' then array['endedFrom', 'endedTo'] else array['from', 'to'] end;
  v_order constant text := case p_by when 'end' then 'completed_at' else 'started_at' end;
  v_filter constant jsonb := p_filter || jsonb_strip_nulls(jsonb_build_object(
    v_times[1], greatest((p_filter ->> v_times[1])::timestamptz, p_from),
    v_times[2], least((p_filter ->> v_times[2])::timestamptz, p_to)));
  v_window constant jsonb := runledger_private.list_order(v_filter, v_order, true);
  v_most constant integer := case when v_filter ?| array['text', 'tags', 'allTags', 'notTags', 'taskQueue',
    'workflowType', 'origin', 'health'] then 5000 else 20000 end;
  v_source jsonb;
  v_found jsonb;
  v_n integer;
begin
  if p_by not in ('start', 'end') or p_by is null then
    raise exception 'A window is by start or by end, not by %.', coalesce(p_by, 'null')
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass start or end.';
  elsif p_to < p_from then
    raise exception 'The window ends (%) before it starts (%).', p_to, p_from
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass the earlier time as the start.';
  end if;
  for v_source in
    select s from runledger_private.execution_sources(p_user_id, p_workflow_id, v_filter, v_order) s
     where not (p_by = 'end' and coalesce(p_user_id, p_workflow_id::text) is null)
    union all
    -- By end no index has everybody's.
    select '{"kind": "workflows"}'
     where p_by = 'end' and coalesce(p_user_id, p_workflow_id::text) is null
  loop
    execute format('select count(*) from (select from (%s) s limit %s) x', runledger_private.source_sql(
      v_source, v_window || '{"filter": "true", "columns": []}', null, v_most + 1), v_most + 1) into v_n;
    if v_n <= v_most then v_found := v_source; end if;
    exit when v_found is not null;
  end loop;
  if v_n > v_most then
    v_found := coalesce(v_found, runledger_private.rare_executions(p_user_id, p_workflow_id, v_filter, v_order));
    if v_found is null then
      raise exception 'This window has more than % executions to look at.', to_char(v_most, 'FM999,999')
        using errcode = 'PT400', detail = 'invalid_input',
          hint = 'Ask for a shorter window; or by start and without a filter, which counters answer at any size.';
    end if;
  end if;
  if v_found is null then return; end if;
  return query execute format(
    'select distinct on (s.id) s.v, s.status, s.duration_ms,
            runledger_private.queue_ms(s.started_at, s.first_task_at), s.verdict from (%s) s where s.ok',
    runledger_private.source_sql(v_found, v_window || jsonb_build_object(
      'filter', runledger_private.execution_filter_sql(p_user_id, p_workflow_id, v_filter),
      'columns', array['status', 'duration_ms', 'started_at', 'first_task_at', 'verdict']), null, v_most + 1));
end $$;
