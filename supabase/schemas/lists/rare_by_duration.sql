/* All executions of a scope that took so long, where they are few; else null. Callers: rare_executions. */
-- for: service_role
create function runledger_private.rare_by_duration(p_user_id text, p_workflow_id uuid, p_filter jsonb) returns tid[]
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set enable_bitmapscan = off
set enable_sort = off
set jit = off
as $$
declare
  few constant integer := 1000;
  places tid[];
begin
  execute format(
    'select array_agg(c.place) from (
       select e.ctid as place from runledger.workflow_executions e
        where %s and e.duration_ms >= %s and e.duration_ms <= %s order by e.duration_ms limit %s) c',
    coalesce('e.created_by = ' || quote_literal(p_user_id), 'e.workflow_id = ' || quote_literal(p_workflow_id)),
    coalesce((p_filter ->> 'minDurationMs')::bigint, 0),
    coalesce((p_filter ->> 'maxDurationMs')::bigint, 9223372036854775807), few + 1)
  into places;
  return case when coalesce(cardinality(places), 0) <= few then coalesce(places, '{}') end;
end $$;
