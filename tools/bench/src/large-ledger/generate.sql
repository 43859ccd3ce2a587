-- A ledger of :rows executions over 90 days until now: 1,000 users and 200 workflows with cubic skew (the first user has
-- 10 % of the executions, the first workflow 17 %), log-normal run and queue times, 92 % completed. In the order of time,
-- as they would have come. Triggers and foreign keys are off meanwhile; every column is what they would have made of it.
-- Run by open-large-ledger.ts in parts of :from to :to.
with draw as (
  select g, now() - interval '90 days' + g * (interval '90 days' / $1::bigint) as started_at,
         random() as r, random() as r_label,
         1 + floor(1000 * power(random(), 3))::int as u, 1 + floor(200 * power(random(), 3))::int as w,
         sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()) as z1, sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()) as z2
    from generate_series($2::bigint, $3::bigint) g),
fate as (
  select d.*,
         case when g > $1::bigint - 2000 then case when r < 0.05 then 'pending' else 'running' end
              when r < 0.92 then 'completed' when r < 0.97 then 'failed' when r < 0.985 then 'cancelled'
              when r < 0.995 then 'timed_out' else 'terminated' end as status,
         greatest(1, exp(8 + 1.5 * z1))::bigint as duration_ms, greatest(1, exp(4 + z2))::bigint as queue_ms,
         (lpad(to_hex((extract(epoch from started_at) * 1000)::bigint), 12, '0') || '7' || substr(md5(g::text), 1, 3) || 'a'
           || substr(md5(g::text), 4, 15))::uuid as id
    from draw d),
told as (
  select f.*, runledger_private.is_end(status) as ended,
         case when runledger_private.is_unsuccessful(status) then
           (array['card declined', 'no stock', 'connection refused', 'rate limit exceeded', 'address unknown'])[1 + g % 5] || ' for order ' || g end as message,
         case when status in ('failed', 'timed_out') then jsonb_build_object(
           'type', (array['CardError', 'StockError', 'NetworkError', 'TimeoutFailure'])[1 + g % 4], 'activityType', 'charge',
           'message', (array['card declined', 'no stock', 'connection refused', 'rate limit exceeded', 'address unknown'])[1 + g % 5] || ' for order ' || g) end as failure
    from fate f)
insert into runledger.workflow_executions (id, workflow_id, created_by, engine, temporal_namespace, temporal_workflow_id,
    temporal_run_id, current_run_id, closing_run_id, status, outcome_authority, input, output, error_message, failure,
    failure_group, started_at, engine_started_at, first_task_at, completed_at, duration_ms, verdict, tags, recorded_at, last_transition)
select id, ('00000000-0000-7000-8000-' || lpad(w::text, 12, '0'))::uuid, 'user_' || u, 'temporal', 'default', id::text,
       id::text || '-1', id::text || '-1', case when ended then id::text || '-1' end, status, case when ended then 'engine' end,
       jsonb_build_object('order', g, 'amount', g % 997), case when status = 'completed' then jsonb_build_object('receipt', md5(g::text)) end,
       message, failure, runledger_private.failure_group(status, failure, message), started_at, started_at,
       case when status <> 'pending' then started_at + queue_ms * interval '1 ms' end,
       case when ended then started_at + duration_ms * interval '1 ms' end, case when ended then duration_ms end,
       case when ended and r_label < 0.02 then (array['approved', 'rejected'])[1 + g % 2] end,
       case when r_label > 0.8 then array['region-' || g % 5, 'plan-' || g % 3] else '{}' end,
       case when ended then started_at + (duration_ms + 30) * interval '1 ms' end,
       '{"source": "watch", "authority": "engine"}'
  from told
