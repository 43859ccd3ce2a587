-- Failures of one kind, grouped: by type, failing activity and the shape of the message.

/* What is alike in failures of one kind: type, failing activity and the message's first line without what differs from
   one failure to the next (quoted words, addresses, everything with a digit in it), one line each.
   Callers: failure_group, follow_execution_change. */
create function private.failure_shape(p_failure jsonb, p_message text) returns text
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return concat_ws(E'\n',
    coalesce(nullif(left(p_failure ->> 'type', 100), ''), '-'),
    coalesce(nullif(left(p_failure ->> 'activityType', 100), ''), '-'),
    left(regexp_replace(regexp_replace(regexp_replace(
      split_part(left(coalesce(p_failure ->> 'message', p_message, ''), 500), E'\n', 1),
      '"[^"]*"|''[^'']*''|\S+@\S+', '…', 'g'),
      '[\w-]*\d[\w-]*', '#', 'g'),
      '\s+', ' ', 'g'), 200));
end $$;

/* Names a kind of failure in 16 characters; null for an execution that did not fail or time out.
   Callers: guard_execution. */
create function private.failure_group(p_status text, p_failure jsonb, p_message text) returns text
language sql immutable parallel safe
return case when p_status in ('failed', 'timed_out')
  then left(md5(private.failure_shape(p_failure, p_message)), 16) end;
