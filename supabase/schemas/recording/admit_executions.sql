/* Admits several executions of one user, each as admit_execution does and in the order given: one that is refused keeps
   back no other. What they lock in common is locked for all of them first, in the order in which everybody does.
   Callers: Ledger.admitEach. Returns an answer for each, in their order: { execution, created }, { refused } with what
   was raised, or null where its workflow has changed. */
-- for: service_role
create function runledger.admit_executions(p_user text, p_requests jsonb) returns jsonb
language plpgsql
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_requests constant jsonb := runledger_private.unwrap(p_requests);
  v_workflows constant uuid[] := array(
    select distinct (r ->> 'workflow_id')::uuid from jsonb_array_elements(v_requests) r);
  v_answers jsonb := '[]';
  v_answer jsonb;
  v_code text;
  v_message text;
  v_detail text;
  v_hint text;
  r jsonb;
begin
  perform pg_advisory_xact_lock(k.lock) from (
    select distinct runledger_private.key_lock(p_user, (x ->> 'workflow_id')::uuid, x ->> 'idempotency_key') as lock
      from jsonb_array_elements(v_requests) x where x ->> 'idempotency_key' is not null order by 1) k;
  perform runledger_private.require_user(p_user);
  perform runledger_private.lock_quotas(p_user, v_workflows, array(
    select distinct q.id from unnest(v_workflows) w cross join lateral runledger_private.quotas_for(p_user, w) q));
  perform from runledger.workflow_executions x where x.created_by = p_user and x.id = any (array(
    select (q #>> '{rerun_of,execution}')::uuid from jsonb_array_elements(v_requests) q)) order by x.id for key share;
  for r in select x from jsonb_array_elements(v_requests) x loop
    begin
      v_answer := runledger.admit_execution(r || jsonb_build_object('created_by', p_user));
    exception when others then
      get stacked diagnostics v_code = returned_sqlstate, v_message = message_text, v_detail = pg_exception_detail,
        v_hint = pg_exception_hint;
      -- A fault of the server is one of all of them.
      if v_code !~ '^(PT|22|23)' then raise; end if;
      v_answer := jsonb_build_object('refused', jsonb_build_object('code', v_code, 'message', v_message, 'details',
        nullif(v_detail, ''), 'hint', nullif(v_hint, '')));
    end;
    v_answers := v_answers || jsonb_build_array(v_answer);
  end loop;
  return v_answers;
end $$;
