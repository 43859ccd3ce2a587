-- Failures of one kind, grouped: by the innermost cause, what it came through, and the shape of its message.

/* What is alike in failures of one kind, one line each: the type of the innermost cause; the activities and child
   workflows it came through, outermost first; the first line of the innermost message without what differs from one
   failure to the next (quoted words, addresses, everything with a digit in it). The outer failures of Temporal all say
   the same ("Activity task failed"), so that they would make one kind of everything.
   Callers: failure_group, follow_execution_change, follow_new_executions. */
-- for: service_role
create function runledger_private.failure_shape(p_failure jsonb, p_message text) returns text
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  v_cause jsonb := p_failure;
  v_through text;
begin
  -- Causes end sooner; the bound only keeps a failure made by hand from holding up a write.
  for depth in 1..100 loop
    v_through := concat_ws(' > ', v_through,
      left(coalesce(nullif(v_cause ->> 'activityType', ''), nullif(v_cause ->> 'childWorkflowType', '')), 100));
    exit when jsonb_typeof(v_cause -> 'cause') is distinct from 'object';
    v_cause := v_cause -> 'cause';
  end loop;
  return concat_ws(E'\n',
    coalesce(nullif(left(v_cause ->> 'type', 100), ''), '-'),
    coalesce(nullif(left(v_through, 300), ''), '-'),
    left(regexp_replace(regexp_replace(regexp_replace(
      split_part(left(coalesce(v_cause ->> 'message', p_message, ''), 500), E'\n', 1),
      '"[^"]*"|''[^'']*''|\S+@\S+', '…', 'g'),
      '[\w-]*\d[\w-]*', '#', 'g'),
      '\s+', ' ', 'g'), 200));
end $$;
