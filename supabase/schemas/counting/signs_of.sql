/* What a delta takes away (n = -1) and adds (n = 1). A time that stays is in neither, so that it does not look like a
   loss. Callers: the folder, every read of the tail. */
-- for: service_role, authenticated
create function runledger_private.signs_of(d runledger.execution_deltas)
returns table (n integer, status text, duration_ms bigint, queue_ms bigint, verdict text, failure_group text,
  failure_shape text)
language sql immutable parallel safe
begin atomic
  select v.*
    from (values
      (-1, d.old_status,
       case when d.old_duration_ms is distinct from d.new_duration_ms then d.old_duration_ms end,
       case when d.old_queue_ms is distinct from d.new_queue_ms then d.old_queue_ms end,
       case when d.old_verdict is distinct from d.new_verdict then d.old_verdict end,
       case when d.old_failure_group is distinct from d.new_failure_group then d.old_failure_group end, null),
      (1, d.new_status,
       case when d.old_duration_ms is distinct from d.new_duration_ms then d.new_duration_ms end,
       case when d.old_queue_ms is distinct from d.new_queue_ms then d.new_queue_ms end,
       case when d.old_verdict is distinct from d.new_verdict then d.new_verdict end,
       case when d.old_failure_group is distinct from d.new_failure_group then d.new_failure_group end,
       d.failure_shape))
      v (n, status, duration_ms, queue_ms, verdict, failure_group, failure_shape)
   where v.status is not null;
end;
