/* Notes what a user asks of their executions, in the order of the executions' ids: { id, execution, kind, reason,
   signalName }. The id names the request: noted once, however often it is sent. A cancel marks the execution too, as
   request_cancel does, and so does a terminate of what is pending. Direct executions are only answered, not noted;
   neither are ended ones, unless they are to be reset. Of each execution the latest 1,000 are kept, and those that made
   another: whoever asks for the same as often as they may would fill the table.
   Callers: Ledger.noteRequests. Returns a list in the order of the items: null where the user has no such execution,
   else { noted, status_before, cancel_requested_before, execution }. */
-- for: service_role
create function runledger.note_requests(p_user text, p_requests jsonb) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_items constant jsonb := runledger_private.unwrap(p_requests);
  v_answers jsonb[] := array_fill(null::jsonb, array[jsonb_array_length(v_items)]);
  i record;
  e runledger.workflow_executions;
  v_before runledger.workflow_executions;
  is_noted boolean;
begin
  for i in
    select t.ordinality::int as n, (t.value ->> 'id')::uuid as id, t.value ->> 'kind' as kind,
           left(t.value ->> 'reason', 2000) as reason, t.value ->> 'signalName' as signal_name,
           runledger_private.present_id((t.value ->> 'execution')::uuid) as execution_id
      from jsonb_array_elements(v_items) with ordinality t order by 6, 1
  loop
    select * into v_before from runledger.workflow_executions x
     where x.id = i.execution_id and x.created_by = p_user for no key update;
    continue when not found;
    e := v_before;
    is_noted := e.engine = 'temporal' and (i.kind = 'reset' or runledger_private.is_open(e.status)
      or (i.kind = 'end' and e.outcome_authority = 'reported' and e.lost_at is null));
    if is_noted then
      insert into runledger.execution_requests (id, execution_id, created_by, kind, actor, reason, signal_name)
        values (i.id, e.id, e.created_by, i.kind, p_user, i.reason, i.signal_name)
        on conflict (id) do nothing;
      if not found and not exists (select from runledger.execution_requests r where r.id = i.id
          and r.execution_id = e.id and r.kind = i.kind and r.signal_name is not distinct from i.signal_name) then
        raise exception 'The request % was about something else.', i.id
          using errcode = 'PT409', detail = 'conflict', hint = 'Use a new id for each request, or leave it out.';
      end if;
      delete from runledger.execution_requests r where r.kind <> 'rerun' and r.id in (
        select q.id from runledger.execution_requests q
         where q.execution_id = e.id order by q.requested_at desc, q.id desc offset 1000);
      -- Temporal knows nothing of what is pending: only the ledger can keep it from being started.
      if i.kind = 'cancel' or (i.kind = 'terminate' and e.status = 'pending') then
        perform runledger.request_cancel(e.id, p_user, i.reason);
        select * into e from runledger.workflow_executions x where x.id = i.execution_id;
      end if;
    end if;
    v_answers[i.n] := jsonb_build_object('noted', is_noted, 'status_before', v_before.status,
      'cancel_requested_before', v_before.cancel_requested_at is not null,
      'execution', jsonb_build_object('id', e.id, 'workflow_id', e.workflow_id, 'engine', e.engine,
        'status', e.status, 'temporal_namespace', e.temporal_namespace,
        'temporal_workflow_id', e.temporal_workflow_id, 'temporal_run_id', e.temporal_run_id,
        'current_run_id', e.current_run_id, 'outcome_authority', e.outcome_authority, 'lost_at', e.lost_at,
        'started_at', e.started_at, 'cancel_requested_at', e.cancel_requested_at, 'revision', e.revision));
  end loop;
  return to_jsonb(v_answers);
end $$;
