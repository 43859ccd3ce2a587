/* Adds what was pruned of a user to what was pruned of another one, where both have the same part; the triggers count
   it. What somebody else holds is left to the next batch. Callers: move_some_of_user. */
-- for: service_role
create function runledger_private.merge_pruned_of_user(p_user text, p_to text) returns void
language plpgsql
set search_path = ''
as $$
declare
  e runledger.execution_stats_pruned;
begin
  for e in
    select x.* from runledger.execution_stats_pruned x
      join runledger.execution_stats_pruned o on o.created_by = p_to and o.workflow_id = x.workflow_id
       and o.grain = x.grain and o.starts_at = x.starts_at
     where x.created_by = p_user order by x.workflow_id, x.grain, x.starts_at for update of x, o skip locked
  loop
    update runledger.execution_stats_pruned s
       set counts = array(select coalesce(u.known, 0) + coalesce(u.added, 0)
             from unnest(s.counts, e.counts) u (known, added)),
           duration_count = s.duration_count + e.duration_count, duration_sum = s.duration_sum + e.duration_sum,
           duration_min = least(s.duration_min, e.duration_min),
           duration_max = greatest(s.duration_max, e.duration_max),
           (duration_buckets, duration_counts) = (select * from runledger_private.add_histograms(
             s.duration_buckets, s.duration_counts, e.duration_buckets, e.duration_counts)),
           queue_count = s.queue_count + e.queue_count, queue_sum = s.queue_sum + e.queue_sum,
           queue_min = least(s.queue_min, e.queue_min), queue_max = greatest(s.queue_max, e.queue_max),
           (queue_buckets, queue_counts) = (select * from runledger_private.add_histograms(
             s.queue_buckets, s.queue_counts, e.queue_buckets, e.queue_counts)),
           verdicts = runledger_private.add_labels(s.verdicts, e.verdicts),
           failures = runledger_private.add_labels(s.failures, e.failures)
     where s.created_by = p_to and s.workflow_id = e.workflow_id and s.grain = e.grain and s.starts_at = e.starts_at;
    delete from runledger.execution_stats_pruned x
     where x.created_by = p_user and x.workflow_id = e.workflow_id and x.grain = e.grain and x.starts_at = e.starts_at;
  end loop;
end $$;
