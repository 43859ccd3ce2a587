/* Folds at most p_limit deltas into the cells and finds smallest and largest values anew where one may have left.
   Answers how many it folded; -1: somebody else is folding. Call it again while it answers p_limit.
   Callers: pg_cron where it exists, Ledger.fold, tests. */
-- for: service_role
create function runledger.fold_execution_stats(p_limit integer default 20000) returns integer
language plpgsql
set search_path = ''
set work_mem = '64MB'
-- Deltas are many more than the planner thinks.
set enable_nestloop = off
as $$
declare
  v_below xid8;
  v_undecided xid8;
  v_last xid8;
  v_hours_from timestamptz;
  v_folded integer;
  v_cells runledger_private.cell_change[];
  v_buckets runledger_private.bucket_change[];
  v_labels runledger_private.label_change[];
  v_users text[];
  v_bytes bigint[];
begin
  select s.hours_from into v_hours_from from runledger.fold_state s for update skip locked;
  if not found then return -1; end if;
  v_below := runledger_private.folded_below();
  -- Before the snapshot of the delete: whatever that does not see has this transaction id or a later one.
  v_undecided := pg_snapshot_xmin(pg_current_snapshot());

  with gone as (
    delete from runledger.execution_deltas d
     where d.ctid = any (array(select x.ctid from runledger.execution_deltas x where x.xid >= v_below
       order by x.xid limit p_limit))
    returning d.*),
  sign as materialized (
    select dense_rank() over (order by g.created_by, g.workflow_id, g.hour) as place, g.created_by, g.workflow_id,
           g.hour, v.*
      from gone g, lateral runledger_private.signs_of(g) v),
  counted as materialized (
    select place, min(created_by) as created_by, (array_agg(workflow_id))[1] as workflow_id, min(hour) as hour,
           coalesce(sum(n) filter (where duration_ms is not null), 0)::int as duration_count,
           coalesce(sum(n * duration_ms), 0) as duration_sum,
           min(duration_ms) filter (where n > 0) as duration_min, max(duration_ms) filter (where n > 0) as duration_max,
           min(duration_ms) filter (where n < 0) as lost_duration_min,
           max(duration_ms) filter (where n < 0) as lost_duration_max,
           coalesce(sum(n) filter (where queue_ms is not null), 0)::int as queue_count,
           coalesce(sum(n * queue_ms), 0) as queue_sum,
           min(queue_ms) filter (where n > 0) as queue_min, max(queue_ms) filter (where n > 0) as queue_max,
           min(queue_ms) filter (where n < 0) as lost_queue_min, max(queue_ms) filter (where n < 0) as lost_queue_max,
           bool_or(duration_ms is not null) as has_durations, bool_or(queue_ms is not null) as has_queues
      from sign group by 1),
  part as materialized (
    select c.place, dense_rank() over (order by k.created_by, k.workflow_id, k.grain, k.starts_at)::int as cell, k.*
      from counted c, lateral runledger_private.cells_of(c.created_by, c.workflow_id, c.hour, v_hours_from) k),
  status_count as (
    select k.cell, s.status, sum(s.n)::bigint as n
      from (select place, runledger_private.status_number(status) as status, sum(n) as n from sign group by 1, 2) s
      join part k using (place) group by 1, 2),
  counts as materialized (
    select s.cell, runledger_private.counts_of(array_agg(s.status order by s.status), array_agg(s.n order by s.status))
           as counts
      from status_count s group by 1),
  cell as (
    select k.cell, row(min(k.created_by), (array_agg(k.workflow_id))[1], min(k.grain), min(k.starts_at),
           s.counts, sum(duration_count), sum(duration_sum), min(duration_min), max(duration_max),
           min(lost_duration_min), max(lost_duration_max),
           sum(queue_count), sum(queue_sum), min(queue_min), max(queue_max), min(lost_queue_min), max(lost_queue_max),
           bool_or(has_durations) and min(k.grain) <> 'life', bool_or(has_queues)
             and min(k.grain) <> 'life')::runledger_private.cell_change as change
      from part k join counted c using (place) join counts s using (cell) group by k.cell, s.counts),
  bucket as (
    select k.cell, b.is_queue, b.bucket, sum(b.n)::int
      from (
        select s.place, t.is_queue, runledger_private.bucket_of(t.ms) as bucket, sum(s.n)::int as n
          from sign s, lateral (values (false, s.duration_ms), (true, s.queue_ms)) t (is_queue, ms)
         where t.ms is not null group by 1, 2, 3 having sum(s.n) <> 0) b
      join part k using (place)
     where k.grain <> 'life'
     group by 1, 2, 3),
  label as (
    select k.created_by, k.workflow_id, k.grain, k.starts_at, l.kind, l.label, max(l.description), sum(l.n)
      from (
        select s.created_by, s.workflow_id, s.hour, t.kind, t.label, max(t.description) as description, sum(s.n) as n
          from sign s, lateral (values ('verdict', s.verdict, null),
            ('failure', s.failure_group, s.failure_shape)) t (kind, label, description)
         where t.label is not null group by 1, 2, 3, 4, 5 having sum(s.n) <> 0) l,
           lateral runledger_private.cells_of(l.created_by, l.workflow_id, l.hour, v_hours_from) k
     group by 1, 2, 3, 4, 5, 6 having sum(l.n) <> 0),
  kept as (
    select g.created_by, sum(g.bytes)::bigint as bytes from gone g where g.bytes is not null group by 1
    having sum(g.bytes) <> 0)
  select (select count(*) from gone), (select (array_agg(g.xid order by g.xid desc))[1] from gone g),
         (select array_agg(c.change order by c.cell) from cell c),
         (select array_agg(row(b.*)::runledger_private.bucket_change) from bucket b),
         (select array_agg(row(l.*)::runledger_private.label_change) from label l),
         (select array_agg(k.created_by order by k.created_by) from kept k),
         (select array_agg(k.bytes order by k.created_by) from kept k)
    into v_folded, v_last, v_cells, v_buckets, v_labels, v_users, v_bytes;

  if v_cells is not null then
    perform runledger_private.merge_cells(v_cells, v_buckets, v_labels);
  end if;
  if v_users is not null then
    perform runledger_private.store_bytes(v_users, v_bytes);
  end if;
  update runledger.fold_state set folded_at = clock_timestamp(),
    cluster = (select c.system_identifier from pg_control_system() c),
    folded_below = case when v_folded < p_limit then v_undecided else least(v_undecided, v_last) end;
  -- Only what is folded to its end: of a part, a value may have left whose coming is in the next part.
  if v_folded < p_limit then
    perform runledger_private.find_extremes(200);
  end if;
  perform runledger_private.trim_hours(5000);
  return v_folded;
end $$;
