/* How long executions of a workflow usually take, in milliseconds, by the latest 500 that completed: { p50, p95, p99,
   of, whose }. Everybody's for the owner of the workflow, and for all others where 20 of them by 5 users say nothing of
   any one user: to two digits, and of at least 20, 50, 100, 200 or 500, so that neither one execution nor how many
   there are can be told from it. Else the user's own. Null where none has completed.
   Callers: execution_document, describe_rows. */
-- for: service_role
create function runledger_private.usual_of(p_workflow_id uuid, p_user_id text) returns jsonb
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_of bigint;
  v_users bigint;
  v_own bigint;
  v_quantiles bigint[];
  v_whose text := 'everyone';
begin
  select count(*), count(distinct d.created_by), count(*) filter (where d.created_by = p_user_id),
         percentile_disc(array[0.5, 0.95, 0.99]) within group (order by d.duration_ms)
    into v_of, v_users, v_own, v_quantiles
    from (select e.duration_ms, e.created_by from runledger.workflow_executions e
           where e.workflow_id = p_workflow_id and e.status = 'completed' and e.completed_at is not null
           order by e.completed_at desc, e.id desc limit 500) d
   where d.duration_ms is not null;
  if v_of = v_own then
    v_whose := 'own';
  elsif exists (select from runledger.workflows w where w.id = p_workflow_id and w.user_id = p_user_id) then
    null;
  elsif v_of >= 20 and v_users >= 5 then
    v_of := (select max(n) from unnest(array[20, 50, 100, 200, 500]) n where n <= v_of);
    v_quantiles := array(select round(q.ms::numeric, 2 - length(q.ms::text))::bigint
                           from unnest(v_quantiles) with ordinality q (ms, n) order by q.n);
  else
    v_whose := 'own';
    select count(*), percentile_disc(array[0.5, 0.95, 0.99]) within group (order by d.duration_ms)
      into v_of, v_quantiles
      from (select e.duration_ms from runledger.workflow_executions e
             where e.workflow_id = p_workflow_id and e.created_by = p_user_id and e.status = 'completed'
               and e.completed_at is not null
             order by e.completed_at desc, e.id desc limit 500) d
     where d.duration_ms is not null;
  end if;
  if v_of = 0 then return null; end if;
  return jsonb_build_object('p50', v_quantiles[1], 'p95', v_quantiles[2], 'p99', v_quantiles[3], 'of', v_of,
    'whose', v_whose);
end $$;
