/* What was pruned as changes of cells, times p_sign. Callers: recount_pruned. */
-- for: service_role
create function runledger_private.add_pruned(p_rows runledger.execution_stats_pruned[], p_sign integer) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_hours_from timestamptz;
  v_cells runledger_private.cell_change[];
  v_buckets runledger_private.bucket_change[];
  v_labels runledger_private.label_change[];
begin
  -- Waits for the folder: only one writes cells.
  select s.hours_from into v_hours_from from runledger.fold_state s for update;
  with part as materialized (
    select dense_rank() over (order by k.created_by, k.workflow_id, k.grain, k.starts_at)::int as cell,
           k.created_by as cell_user,
           k.workflow_id as cell_workflow, k.grain as cell_grain, k.starts_at as cell_starts_at, p.*
      from unnest(p_rows) p, lateral runledger_private.cells_of(p.created_by, p.workflow_id, p.starts_at, v_hours_from,
        p.grain) k),
  status_count as (
    select p.cell, u.place::int as place, (p_sign * sum(u.n))::bigint as n
      from part p, unnest(p.counts) with ordinality u (n, place) group by 1, 2),
  counts as (
    select s.cell, runledger_private.counts_of(array_agg(s.place order by s.place), array_agg(s.n order by s.place)) as
           counts
      from status_count s group by 1),
  cell as (
    select p.cell, row(min(cell_user), (array_agg(cell_workflow))[1], min(cell_grain), min(cell_starts_at), s.counts,
           p_sign * sum(p.duration_count), p_sign * sum(p.duration_sum),
           case when p_sign > 0 then min(p.duration_min) end, case when p_sign > 0 then max(p.duration_max) end,
           case when p_sign < 0 then min(p.duration_min) end, case when p_sign < 0 then max(p.duration_max) end,
           p_sign * sum(p.queue_count), p_sign * sum(p.queue_sum),
           case when p_sign > 0 then min(p.queue_min) end, case when p_sign > 0 then max(p.queue_max) end,
           case when p_sign < 0 then min(p.queue_min) end, case when p_sign < 0 then max(p.queue_max) end,
           min(cell_grain) <> 'life', min(cell_grain) <> 'life')::runledger_private.cell_change as change
      from part p join counts s using (cell) group by p.cell, s.counts),
  bucket as (
    select p.cell, h.is_queue, h.bucket, (p_sign * sum(h.n))::int
      from part p, lateral (
        select false as is_queue, d.* from unnest(p.duration_buckets, p.duration_counts) d (bucket, n)
        union all select true, q.* from unnest(p.queue_buckets, p.queue_counts) q (bucket, n)) h
     where p.cell_grain <> 'life' group by 1, 2, 3)
  select (select array_agg(c.change order by c.cell) from cell c),
         (select array_agg(row(b.*)::runledger_private.bucket_change) from bucket b)
    into v_cells, v_buckets;
  select array_agg(row(l.*)::runledger_private.label_change) into v_labels from (
    select k.created_by, k.workflow_id, k.grain, k.starts_at, t.kind, t.label, null::text, p_sign * sum(t.n::bigint)
      from unnest(p_rows) p
      cross join lateral (
        select 'verdict' as kind, v.* from jsonb_each_text(p.verdicts) v (label, n)
        union all select 'failure', f.* from jsonb_each_text(p.failures) f (label, n)) t
      cross join lateral runledger_private.cells_of(p.created_by, p.workflow_id, p.starts_at, v_hours_from, p.grain) k
     group by 1, 2, 3, 4, 5, 6) l;
  perform runledger_private.merge_cells(v_cells, v_buckets, v_labels);
end $$;
