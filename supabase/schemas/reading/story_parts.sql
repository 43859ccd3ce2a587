/* What is kept of an execution beside its row: { transitions, runs, reports, health }, oldest first; of transitions the
   first and the latest 199, of runs and reports the latest 100: whoever resets one adds to them as often as they like.
   A transition has `happened_at`: when its run ended, or began where it says that it runs.
   Callers: execution_story, execution_document. */
-- for: service_role
create function runledger_private.story_parts(e runledger.workflow_executions) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (select jsonb_build_object(
    'transitions', coalesce((
      select jsonb_agg(to_jsonb(t) || jsonb_build_object('happened_at', case
          when runledger_private.is_end(t.to_status) then coalesce(
            (select r.closed_at from runledger.execution_runs r where r.execution_id = e.id and r.run_id = t.run_id),
            case when t.to_status = e.status then e.completed_at end)
          when t.to_status = 'running' and t.from_status = 'pending' then e.engine_started_at end)
        order by t.revision, t.at)
        from ((select * from runledger.execution_transitions k where k.execution_id = e.id
                order by k.revision, k.at limit 1)
              union
              (select * from runledger.execution_transitions k where k.execution_id = e.id
                order by k.revision desc, k.at desc limit 199)) t), '[]'),
    'runs', coalesce((select jsonb_agg(to_jsonb(r) order by r.started_at)
                        from (select * from runledger.execution_runs k where k.execution_id = e.id
                               order by k.started_at desc limit 100) r), '[]'),
    'reports', coalesce((select jsonb_agg(to_jsonb(r) order by r.reported_at)
                           from (select * from runledger.execution_reports k where k.execution_id = e.id
                                  order by k.reported_at desc limit 100) r), '[]'),
    'health', (select jsonb_build_object('health', c.health, 'reason', c.reason, 'remedy', c.remedy,
                                         'checked_at', c.last_check_at)
                 from runledger.execution_checks c where c.execution_id = e.id and c.health is not null)));
end $$;
