/* Two objects of numbers, added up. Callers: forward_part. */
-- for: service_role
create function runledger_private.add_counts(a jsonb, b jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
  select jsonb_object_agg(s.key, s.n) from (
    select u.key, sum(u.value::bigint) as n
      from (select * from jsonb_each_text(a) union all select * from jsonb_each_text(b)) u group by 1) s;
$$;
