/* Repairs counters, under the lock of the folder: adds to each cell what stats_differences says it lacks. Answers how
   many numbers it changed. Callers: rebuild_execution_stats, rebuild_execution_stats_part. */
-- for: service_role
create function runledger_private.repair_stats(p_users text[], p_workflows uuid[], p_from timestamptz, p_to timestamptz,
  p_lives boolean)
returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_cells runledger_private.cell_change[];
  v_buckets runledger_private.bucket_change[];
  v_labels runledger_private.label_change[];
  v_keepers text[];
  v_bytes bigint[];
  v_fields integer;
begin
  perform from runledger.fold_state for update;
  while runledger.fold_execution_stats() = 20000 loop end loop;
  with difference as materialized (
    select * from runledger_private.stats_differences(p_users, p_workflows, p_from, p_to, p_lives)),
  storage as (
    select v.created_by as id, (v.recounted - v.counted)::bigint as bytes from difference v
     where v.field = 'stored_bytes'),
  drift as materialized (
    select v.*, v.recounted - v.counted as n, runledger_private.status_number(v.field) as status,
           dense_rank() over (order by v.created_by, v.workflow_id, v.grain, v.starts_at)::int as cell
      from difference v where v.field <> 'stored_bytes')
  select (select count(*) from difference), (select array_agg(s.id) from storage s),
         (select array_agg(s.bytes) from storage s),
         (select array_agg(c.change order by c.cell) from (
            select d.cell, row(min(d.created_by), (array_agg(d.workflow_id))[1], min(d.grain), min(d.starts_at),
                   runledger_private.counts_of(
                     array_agg(status order by status) filter (where status is not null),
                     array_agg(n::bigint order by status) filter (where status is not null)),
                   coalesce(sum(n) filter (where field = 'duration_count'), 0),
                   coalesce(sum(n) filter (where field = 'duration_sum'), 0),
                   null, null, null, null,
                   coalesce(sum(n) filter (where field = 'queue_count'), 0),
                   coalesce(sum(n) filter (where field = 'queue_sum'), 0),
                   null, null, null, null, min(d.grain) <> 'life',
                   min(d.grain) <> 'life')::runledger_private.cell_change as change
              from drift d group by 1) c),
         (select array_agg(row(d.cell, d.field like 'queue %', split_part(d.field, ' ', 2)::smallint,
           d.n)::runledger_private.bucket_change)
            from drift d where d.field like 'duration %' or d.field like 'queue %'),
         (select array_agg(row(d.created_by, d.workflow_id, d.grain, d.starts_at, split_part(d.field, ' ', 1),
                               substr(d.field, strpos(d.field, ' ') + 1), null, d.n)::runledger_private.label_change)
            from drift d where d.field like 'verdict %' or d.field like 'failure %')
    into v_fields, v_keepers, v_bytes, v_cells, v_buckets, v_labels;
  perform runledger_private.store_bytes(v_keepers, v_bytes);
  if v_cells is not null then
    perform runledger_private.merge_cells(v_cells, v_buckets, v_labels);
    update runledger.execution_stats s set is_stale = true from unnest(v_cells) c
     where s.created_by = c.created_by and s.grain = c.grain and s.workflow_id = c.workflow_id
       and s.starts_at = c.starts_at;
    perform runledger_private.find_extremes(1000000);
  end if;
  return v_fields;
end $$;
