/* What a user asked of one of their executions, newest first, at most 200, and which one it is a rerun of. Null where
   the user has no such execution.
   Callers: ExecutionReader.requests. Returns { rerun_of, requests, more }. */
-- for: authenticated, service_role
create function runledger.requests_of(p_user text, p_execution uuid, p_everybody boolean default false)
returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'rerun_of', (select jsonb_build_object('execution_id', r.execution_id, 'at', r.requested_at, 'by', r.actor,
                        'reason', r.reason)
                   from runledger.execution_requests r where r.rerun_id = x.id and r.created_by = x.created_by limit 1),
    'requests', coalesce((select jsonb_agg(jsonb_build_object('id', r.id, 'kind', r.kind, 'at', r.requested_at,
                        'by', r.actor, 'reason', r.reason, 'signal_name', r.signal_name, 'rerun_id', r.rerun_id,
                        'answer', r.answer) order by r.requested_at desc, r.id desc)
                   from (select * from runledger.execution_requests q
                          where q.execution_id = x.id and q.created_by = x.created_by
                          order by q.requested_at desc, q.id desc limit 200) r), '[]'),
    'more', exists (select from runledger.execution_requests q
                     where q.execution_id = x.id and q.created_by = x.created_by
                     order by q.requested_at desc, q.id desc offset 200 limit 1))
    from runledger.workflow_executions x
   where x.id = runledger_private.present_id(p_execution)
     and (p_everybody or x.created_by = p_user)
$$;
