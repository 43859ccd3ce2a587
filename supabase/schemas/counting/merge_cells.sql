/* Adds changes to the cells. The only writer of cells; its callers hold the lock of the folder. Planned anew each
   time, for the length of the arrays decides; the limit makes every cell a look into the key, never a scan of all.
   What is there is updated at its place and the rest inserted: `on conflict` would write a lock of each cell to the
   WAL, which the lock of the folder makes needless. Callers: fold_execution_stats, rebuild_execution_stats,
   add_pruned. */
-- for: service_role
create function runledger_private.merge_cells(p_cells runledger_private.cell_change[],
  p_buckets runledger_private.bucket_change[],
                                    p_labels runledger_private.label_change[]) returns void
language plpgsql
set search_path = ''
set work_mem = '64MB'
set plan_cache_mode = force_custom_plan
-- Also where statistics of the cells are old, or not there yet.
set enable_seqscan = off
as $$
#variable_conflict use_column
begin
  with known as materialized (
    select c.*, s.ctid as place, s.counts as known_counts, s.duration_buckets, s.duration_counts,
           s.queue_buckets, s.queue_counts,
           -- What left may have been the smallest or largest of the cell, or of what comes with it.
           -- Not true also where the cell knows of none: what left may have yet to come, with later deltas.
           (c.lost_duration_min is not null and (c.lost_duration_min > least(s.duration_min, c.duration_min)
              and c.lost_duration_max < greatest(s.duration_max, c.duration_max)) is not true)
             or (c.lost_queue_min is not null and (c.lost_queue_min > least(s.queue_min, c.queue_min)
              and c.lost_queue_max < greatest(s.queue_max, c.queue_max)) is not true) as is_stale
      from unnest(p_cells) with ordinality c (created_by, workflow_id, grain, starts_at, counts, duration_count,
             duration_sum, duration_min, duration_max,
             lost_duration_min,
             lost_duration_max, queue_count, queue_sum, queue_min, queue_max, lost_queue_min, lost_queue_max,
             has_durations,
             has_queues, cell)
      left join lateral (
        select s.ctid, s.* from runledger.execution_stats s
         where s.created_by = c.created_by and s.grain = c.grain and s.workflow_id = c.workflow_id
           and s.starts_at = c.starts_at
         limit 1) s on true),
  bucket as (
    select cell, is_queue, bucket, sum(n)::int as n from (
      select * from unnest(p_buckets)
      union all
      select k.cell, false, u.bucket, u.n from known k, unnest(k.duration_buckets, k.duration_counts) u (bucket, n)
        where k.has_durations
      union all
      select k.cell, true, u.bucket, u.n from known k, unnest(k.queue_buckets, k.queue_counts) u (bucket, n)
        where k.has_queues) b
     group by 1, 2, 3),
  histogram as materialized (
    select cell, is_queue, coalesce(array_agg(bucket order by bucket) filter (where n <> 0), '{}') as buckets,
           coalesce(array_agg(n order by bucket) filter (where n <> 0), '{}') as counts
      from bucket group by 1, 2),
  change as materialized (
    select k.*,
           array(select coalesce(u.known, 0) + coalesce(u.added, 0)
             from unnest(k.known_counts, k.counts) u (known, added)) as new_counts,
           coalesce(d.buckets, k.duration_buckets) as new_duration_buckets,
           coalesce(d.counts, k.duration_counts) as new_duration_counts,
           coalesce(q.buckets, k.queue_buckets) as new_queue_buckets,
           coalesce(q.counts, k.queue_counts) as new_queue_counts
      from known k
      left join histogram d on d.cell = k.cell and not d.is_queue
      left join histogram q on q.cell = k.cell and q.is_queue),
  updated as (
    update runledger.execution_stats s set
        counts = c.new_counts,
        duration_count = s.duration_count + c.duration_count, duration_sum = s.duration_sum + c.duration_sum,
        duration_min = least(s.duration_min, c.duration_min), duration_max = greatest(s.duration_max, c.duration_max),
        queue_count = s.queue_count + c.queue_count, queue_sum = s.queue_sum + c.queue_sum,
        queue_min = least(s.queue_min, c.queue_min), queue_max = greatest(s.queue_max, c.queue_max),
        duration_buckets = c.new_duration_buckets, duration_counts = c.new_duration_counts,
        queue_buckets = c.new_queue_buckets, queue_counts = c.new_queue_counts, is_stale = s.is_stale or c.is_stale
      from change c
     -- The array makes it a look at these places, never a scan of all cells.
     where s.ctid = c.place and s.ctid = any (array(select k.place from known k where k.place is not null)))
  insert into runledger.execution_stats (created_by, workflow_id, grain, starts_at, counts,
      duration_count, duration_sum, duration_min, duration_max, queue_count, queue_sum, queue_min, queue_max,
      duration_buckets, duration_counts, queue_buckets, queue_counts, is_stale)
    select c.created_by, c.workflow_id, c.grain, c.starts_at,
           c.new_counts, c.duration_count, c.duration_sum, c.duration_min, c.duration_max, c.queue_count,
           c.queue_sum, c.queue_min, c.queue_max,
           c.new_duration_buckets, c.new_duration_counts, c.new_queue_buckets, c.new_queue_counts, c.is_stale
      from change c where c.place is null;

  -- A cell that nothing is left in goes, so that a deleted user leaves nothing behind; a stale one when it is looked
  -- at.
  delete from runledger.execution_stats s where s.ctid = any (array(
    select x.ctid from unnest(p_cells) c
      cross join lateral (
        select s.ctid from runledger.execution_stats s
         where s.created_by = c.created_by and s.grain = c.grain and s.workflow_id = c.workflow_id
           and s.starts_at = c.starts_at
           and not s.is_stale and 0 = all (s.counts)
           and (s.duration_count, s.duration_sum, s.queue_count, s.queue_sum) = (0, 0, 0, 0)
         limit 1) x
     where (select sum(n) from unnest(c.counts) n) < 0));

  if p_labels is null then return; end if;
  insert into runledger.execution_label_stats as s (created_by, workflow_id, grain, starts_at, kind, label, description,
    executions)
    select created_by, workflow_id, grain, starts_at, kind, label, description, n from unnest(p_labels)
  on conflict (created_by, kind, grain, workflow_id, starts_at, label) do update
    set executions = s.executions + excluded.executions, description = coalesce(s.description, excluded.description);
  delete from runledger.execution_label_stats s where s.ctid = any (array(
    select x.ctid from unnest(p_labels) c
      cross join lateral (
        select s.ctid from runledger.execution_label_stats s
         where s.created_by = c.created_by and s.kind = c.kind and s.grain = c.grain and s.workflow_id = c.workflow_id
           and s.starts_at = c.starts_at and s.label = c.label and s.executions = 0
         limit 1) x
     where c.n < 0));
end $$;
