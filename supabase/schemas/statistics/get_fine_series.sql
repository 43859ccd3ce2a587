/* The points of get_execution_series by steps of five minutes, of a window of a day at most, from the executions
   themselves: exact, percentiles too. Refused where more than 20,000 were started in it.
   Callers: StatisticsReader.series. Returns one document, a list. */
-- for: service_role
create function runledger.get_fine_series(p_user_id text default null, p_workflow_id uuid default null,
  p_from timestamptz default null, p_to timestamptz default null, p_everybody boolean default false) returns jsonb
language plpgsql stable
set search_path = ''
set enable_seqscan = off
as $$
declare
  most constant integer := 20000;
  v_step constant interval := interval '5 minutes';
  v_from constant timestamptz := date_bin(v_step, p_from, 'epoch');
  v_wrong text := case
    when p_user_id is null and p_workflow_id is null and not p_everybody
      then 'A series is of a user, of a workflow, or of both.'
    when p_from is null or p_to is null or not isfinite(p_from) or not isfinite(p_to) or p_to <= p_from
      then format('A series needs a start and a later end, not %s and %s.', coalesce(p_from::text, 'null'),
                  coalesce(p_to::text, 'null'))
    when p_to - p_from > interval '1 day' then 'A series of five minutes is of a day at most.' end;
  v_times timestamptz[];
  v_statuses text[];
  v_durations bigint[];
begin
  if v_wrong is null then
    execute format(
      'select array_agg(x.started_at), array_agg(x.status), array_agg(x.duration_ms) from (
         select e.started_at, e.status, e.duration_ms from runledger.workflow_executions e
          where %s and e.started_at >= %L and e.started_at < %L limit %s) x',
      concat_ws(' and ', case when p_user_id is null and p_workflow_id is null
        then runledger_private.everybody_sql() end,
        'e.created_by = ' || quote_literal(p_user_id),
        'e.workflow_id = ' || quote_literal(p_workflow_id)),
      v_from, p_to, most + 1)
    into v_times, v_statuses, v_durations;
    if cardinality(v_times) > most then
      v_wrong := format('More than %s executions were started in this window.', most);
    end if;
  end if;
  if v_wrong is not null then
    raise exception '%', v_wrong using errcode = 'PT400', detail = 'invalid_input',
      hint = 'Ask for hours, or for a shorter window.';
  end if;
  return (
    with row as materialized (
      select date_bin(v_step, r.started_at, 'epoch') as at, r.status, r.duration_ms
        from unnest(v_times, v_statuses, v_durations) r (started_at, status, duration_ms)),
    counted as (
      select c.at, sum(c.n) as total, jsonb_object_agg(c.status, c.n) as counts
        from (select r.at, r.status, count(*) as n from row r group by 1, 2) c group by 1),
    timed as (
      select r.at, avg(r.duration_ms)::float8 as average,
             percentile_disc(array[0.5, 0.95]) within group (order by r.duration_ms) as quantiles
        from row r where r.duration_ms is not null group by 1)
    select jsonb_agg(jsonb_build_object('starts_at', p.at, 'ends_at', p.at + v_step, 'is_rounded', false,
             'total', coalesce(c.total, 0), 'counts', coalesce(c.counts, '{}'), 'avg_duration_ms', t.average,
             'p50_duration_ms', t.quantiles[1], 'p95_duration_ms', t.quantiles[2],
             'as_of', statement_timestamp()) order by p.at)
      from generate_series(v_from, p_to - interval '1 microsecond', v_step) p (at)
      left join counted c on c.at = p.at
      left join timed t on t.at = p.at);
end $$;
