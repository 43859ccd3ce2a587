/* Failures of some kinds over a window, in up to 24 buckets of whole hours, or of whole days where hours are not kept
   or would be too many: when each begins, and counts by kind. Nothing without a start and an end.
   Callers: get_failure_groups. */
-- for: service_role
create function runledger_private.failure_buckets(p_user text, p_workflow uuid, p_labels text[], p_from timestamptz,
  p_to timestamptz, out starts timestamptz[], out counts jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_by_hour constant boolean := p_from >= runledger_private.hours_from() and p_to - p_from <= interval '24 days';
  v_unit constant interval := case when v_by_hour then interval '1 hour' else interval '1 day' end;
  v_units integer;
begin
  counts := '{}';
  if not isfinite(p_from) or not isfinite(p_to) then return; end if;
  v_units := ceil(extract(epoch from p_to - p_from) / extract(epoch from v_unit));
  starts := array(select p_from + n * v_unit * ceil(v_units / 24.0)::integer
    from generate_series(0, least(24, v_units) - 1) n
   where p_from + n * v_unit * ceil(v_units / 24.0)::integer < p_to order by n);
  counts := (
    select coalesce(jsonb_object_agg(k.label, k.series), '{}') from (
      select l.label, (select jsonb_agg(coalesce(f.n, 0) order by b.bucket)
               from generate_series(1, cardinality(starts)) b (bucket)
               left join (
                 select width_bucket(x.at, starts) as bucket, sum(x.n)::bigint as n from (
                   select s.starts_at as at, s.executions as n from runledger.execution_label_stats s
                    where s.created_by = p_user and s.kind = 'failure' and s.label = l.label
                      and s.grain = case when v_by_hour then 'hour' else 'day' end
                      and (s.workflow_id = p_workflow or (p_workflow is null
                        and s.workflow_id > '00000000-0000-0000-0000-000000000000'))
                      and s.starts_at >= date_trunc(case when v_by_hour then 'hour' else 'day' end, p_from, 'UTC')
                      and s.starts_at < p_to
                   union all
                   select greatest(t.hour, p_from), t.n
                     from runledger_private.tail_in(p_user, p_workflow, p_from, p_to) t
                    where t.failure_group = l.label) x
                  group by 1) f on f.bucket = b.bucket) as series
        from unnest(p_labels) l (label)) k);
end $$;
