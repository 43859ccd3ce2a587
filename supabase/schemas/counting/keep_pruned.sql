/* Adds what the deleted executions of these parts counted to what is kept of such parts already; the triggers count it.
   Callers: prune_counted, merge_pruned_of_user. */
-- for: service_role
create function runledger_private.keep_pruned(p_parts runledger.execution_stats_pruned[]) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into runledger.execution_stats_pruned as s
    select * from unnest(p_parts)
  on conflict (created_by, workflow_id, grain, starts_at) do update set
    counts = array(select coalesce(u.known, 0) + coalesce(u.added, 0)
      from unnest(s.counts, excluded.counts) u (known, added)),
    duration_count = s.duration_count + excluded.duration_count,
    duration_sum = s.duration_sum + excluded.duration_sum,
    duration_min = least(s.duration_min, excluded.duration_min),
    duration_max = greatest(s.duration_max, excluded.duration_max),
    (duration_buckets, duration_counts) = (select * from runledger_private.add_histograms(
      s.duration_buckets, s.duration_counts, excluded.duration_buckets, excluded.duration_counts)),
    queue_count = s.queue_count + excluded.queue_count, queue_sum = s.queue_sum + excluded.queue_sum,
    queue_min = least(s.queue_min, excluded.queue_min), queue_max = greatest(s.queue_max, excluded.queue_max),
    (queue_buckets, queue_counts) = (select * from runledger_private.add_histograms(
      s.queue_buckets, s.queue_counts, excluded.queue_buckets, excluded.queue_counts)),
    verdicts = runledger_private.add_labels(s.verdicts, excluded.verdicts),
    failures = runledger_private.add_labels(s.failures, excluded.failures);
end $$;
