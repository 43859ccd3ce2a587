/* The latest executions of workflows that a user ran, or everybody (`p_everybody`), newest first: a statement of
   each, for one with both conditions would use the index of neither.
   Callers: StatisticsReader.recentRuns. Returns { workflow id: [{ id, status, startedAt, durationMs }] }. */
-- for: service_role
create function runledger.recent_runs(p_user_id text, p_workflow_ids uuid[], p_last integer default 30,
  p_everybody boolean default false) returns jsonb
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_sort = off
set enable_bitmapscan = off
as $$
declare
  v_user constant text := runledger_private.unless_left(p_user_id);
  v_most constant integer := least(greatest(p_last, 1), 100);
begin
  return (
    select coalesce(jsonb_object_agg(w.id, coalesce((
             select jsonb_agg(jsonb_build_object('id', r.id, 'status', r.status, 'startedAt', r.started_at,
                                                 'durationMs', r.duration_ms))
               from (select e.id, e.status, e.started_at, e.duration_ms from runledger.workflow_executions e
                      where e.workflow_id = w.id and e.created_by = v_user and not p_everybody
                      order by e.started_at desc, e.id desc limit v_most) r), (
             select jsonb_agg(jsonb_build_object('id', r.id, 'status', r.status, 'startedAt', r.started_at,
                                                 'durationMs', r.duration_ms))
               from (select e.id, e.status, e.started_at, e.duration_ms from runledger.workflow_executions e
                      where e.workflow_id = w.id and p_everybody and v_user is not null
                      order by e.started_at desc, e.id desc limit v_most) r), '[]')), '{}')
      from unnest(p_workflow_ids) w (id));
end $$;
