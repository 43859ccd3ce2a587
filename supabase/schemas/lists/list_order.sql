/* A list's order as the functions above take it. Callers: find_executions, rows_in_window. */
-- for: service_role
create function runledger_private.list_order(p_filter jsonb, p_order_by text, p_ascending boolean) returns jsonb
language sql immutable
return jsonb_build_object('column', 'started_at', 'direction', case when p_ascending then 'asc' else 'desc' end)
    || case p_order_by
         when 'started_at' then jsonb_build_object('atLeast', p_filter -> 'from', 'below', p_filter -> 'to')
         when 'completed_at' then jsonb_build_object('column', 'completed_at', 'atLeast', p_filter -> 'endedFrom',
                                                     'below', p_filter -> 'endedTo')
         when 'duration' then jsonb_build_object('column', 'duration_ms', 'atLeast', p_filter -> 'minDurationMs',
                                                 'atMost', p_filter -> 'maxDurationMs')
       end;
