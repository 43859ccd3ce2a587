/* Milliseconds between the request and the first workflow task. Callers: follow_execution_change,
   follow_new_executions, recounts. */
-- for: service_role
create function runledger_private.queue_ms(started_at timestamptz, first_task_at timestamptz) returns bigint
language sql immutable parallel safe
return case when first_task_at is not null
  then greatest(0, round(extract(epoch from first_task_at - started_at) * 1000)) end::bigint;
