/* Counts by status (those above 0), run times and queue times (first_task_at - started_at) in milliseconds, and the
   success rate in percent (completed of ended; null where none has ended) of executions started in a window; with
   p_with_previous also of the window of the same length before. Percentiles are the smallest time that so many percent
   do not exceed (percentile_disc), within 2 %. Smallest and largest may be wider than true where extremes_are_exact is
   false.
   Callers: ExecutionService.getStats, the router. */
-- for: service_role, authenticated
create function runledger.get_execution_stats(p_workflow_id uuid default null, p_user_id text default null,
  p_from timestamptz default null, p_to timestamptz default null, p_with_previous boolean default false,
  p_with_queue boolean default true)
returns table (period text, starts_at timestamptz, ends_at timestamptz, total bigint, counts jsonb,
  success_rate double precision, avg_duration_ms double precision, min_duration_ms bigint, max_duration_ms bigint,
  p50_duration_ms double precision, p90_duration_ms double precision, p95_duration_ms double precision,
  p99_duration_ms double precision, avg_queue_ms double precision, min_queue_ms bigint, max_queue_ms bigint,
  p50_queue_ms double precision, p90_queue_ms double precision, p95_queue_ms double precision,
  p99_queue_ms double precision, extremes_are_exact boolean, verdicts jsonb, as_of timestamptz)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_user text := runledger_private.stats_user(p_user_id);
  v_workflow uuid := runledger_private.stats_workflow(p_workflow_id, v_user);
  w record;
begin
  select * into w from runledger_private.stats_window(p_from, p_to);
  return query
    select 'current', case when isfinite(w.starts_at) then w.starts_at end, case
      when isfinite(w.ends_at) then w.ends_at end,
           s.*, (select coalesce(jsonb_object_agg(l.label, l.n), '{}')
             from runledger_private.labels_in('verdict', v_user, v_workflow,
                   w.starts_at, w.days_from, w.days_to, w.ends_at) l), statement_timestamp()
      from runledger_private.read_stats(v_user, v_workflow, w.starts_at, w.days_from, w.days_to, w.ends_at,
        p_with_queue) s;
  if not p_with_previous or not runledger_private.has_window_before(w.starts_at, w.ends_at) then return; end if;
  select * into w from runledger_private.stats_window(w.starts_at - (w.ends_at - w.starts_at), w.starts_at);
  return query
    select 'previous', w.starts_at, w.ends_at,
           s.*, (select coalesce(jsonb_object_agg(l.label, l.n), '{}')
             from runledger_private.labels_in('verdict', v_user, v_workflow,
                   w.starts_at, w.days_from, w.days_to, w.ends_at) l), statement_timestamp()
      from runledger_private.read_stats(v_user, v_workflow, w.starts_at, w.days_from, w.days_to, w.ends_at,
        p_with_queue) s;
end $$;
