/* Deletes ended executions and, in the same transaction, keeps what they count: cells and tail do not change.
   Users and workflows are locked first, in the order in which their own deletion goes through the tables.
   Callers: the retention functions. */
-- for: service_role
create function runledger_private.prune_counted(p_ids uuid[]) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_hours_from timestamptz := (select s.hours_from from runledger.fold_state s);
  v_deleted integer;
  v_parts runledger.execution_stats_pruned[];
  v_users text[];
  v_workflows uuid[];
  v_bytes bigint[];
begin
  perform runledger_private.lock_owners(p_ids);
  perform set_config('runledger.pruning', pg_current_xact_id()::text, true);
  with gone as (
    delete from runledger.workflow_executions e where e.id = any (p_ids) and not runledger_private.is_open(e.status)
    returning e.created_by, e.workflow_id, e.status, e.duration_ms,
              runledger_private.queue_ms(e.started_at, e.first_task_at) as queue_ms,
              e.verdict, e.failure_group, date_trunc('hour', e.started_at, 'UTC') as hour,
              runledger_private.payload_bytes(e.input, e.output, e.failure, e.error_message, e.state_snapshot,
                e.metadata) as bytes),
  freed as (
    select g.created_by, (array_agg(g.workflow_id))[1] as workflow_id, sum(g.bytes)::bigint as bytes from gone g
     group by 1),
  part as materialized (
    select g.*, case when g.hour >= v_hours_from then 'hour' else 'day' end as grain,
           case when g.hour >= v_hours_from then g.hour else date_trunc('day', g.hour, 'UTC') end as starts_at
      from gone g),
  histogram as (
    select h.created_by, h.workflow_id, h.grain, h.starts_at, h.kind,
           array_agg(h.bucket order by h.bucket) as buckets, array_agg(h.n order by h.bucket) as counts
      from (select p.created_by, p.workflow_id, p.grain, p.starts_at, t.kind,
        runledger_private.bucket_of(t.ms) as bucket, count(*)::int as n
              from part p, lateral (values ('duration', p.duration_ms), ('queue', p.queue_ms)) t (kind, ms)
             where t.ms is not null group by 1, 2, 3, 4, 5, 6) h
     group by 1, 2, 3, 4, 5),
  label as (
    select l.created_by, l.workflow_id, l.grain, l.starts_at, l.kind, jsonb_object_agg(l.label, l.n) as labels
      from (select p.created_by, p.workflow_id, p.grain, p.starts_at, t.kind, t.label, count(*) as n
              from part p, lateral (values ('verdict', p.verdict), ('failure', p.failure_group)) t (kind, label)
             where t.label is not null group by 1, 2, 3, 4, 5, 6) l
     group by 1, 2, 3, 4, 5),
  counted as (
    select c.created_by, c.workflow_id, c.grain, c.starts_at,
           runledger_private.counts_of(array_agg(c.status order by c.status), array_agg(c.n order by c.status))
             as counts
      from (select p.created_by, p.workflow_id, p.grain, p.starts_at,
                   runledger_private.status_number(p.status) as status, count(*) as n
              from part p group by 1, 2, 3, 4, 5) c
     group by 1, 2, 3, 4),
  total as (
    select created_by, workflow_id, grain, starts_at,
           count(duration_ms) as duration_count, coalesce(sum(duration_ms), 0) as duration_sum,
           min(duration_ms) as duration_min, max(duration_ms) as duration_max,
           count(queue_ms) as queue_count, coalesce(sum(queue_ms), 0) as queue_sum, min(queue_ms) as queue_min,
           max(queue_ms) as queue_max
      from part group by 1, 2, 3, 4)
  select (select count(*) from gone), array(
    select row(t.created_by, t.workflow_id, t.grain, t.starts_at, c.counts, t.duration_count, t.duration_sum,
               t.duration_min, t.duration_max, d.buckets, d.counts,
               t.queue_count, t.queue_sum, t.queue_min, t.queue_max, q.buckets, q.counts,
               coalesce(v.labels, '{}'), coalesce(f.labels, '{}'))::runledger.execution_stats_pruned
      from total t
      join counted c using (created_by, workflow_id, grain, starts_at)
      left join (select * from histogram where kind = 'duration') d using (created_by, workflow_id, grain, starts_at)
      left join (select * from histogram where kind = 'queue') q using (created_by, workflow_id, grain, starts_at)
      left join (select * from label where kind = 'verdict') v using (created_by, workflow_id, grain, starts_at)
      left join (select * from label where kind = 'failure') f using (created_by, workflow_id, grain, starts_at)),
         (select array_agg(f.created_by order by f.created_by) from freed f),
         (select array_agg(f.workflow_id order by f.created_by) from freed f),
         (select array_agg(f.bytes order by f.created_by) from freed f)
    into v_deleted, v_parts, v_users, v_workflows, v_bytes;
  -- The counts stay; what was kept does not.
  insert into runledger.execution_deltas (created_by, workflow_id, hour, bytes)
    select f.id, f.workflow, date_trunc('hour', now(), 'UTC'), -f.bytes
      from unnest(v_users, v_workflows, v_bytes) f (id, workflow, bytes);
  perform runledger_private.keep_pruned(v_parts);
  perform set_config('runledger.pruning', '', true);
  return v_deleted;
end $$;
