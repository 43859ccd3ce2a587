/* Two maps of label to number in one. Callers: prune_counted. */
-- for: service_role
create function runledger_private.add_labels(a jsonb, b jsonb) returns jsonb
language sql immutable parallel safe
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(x.key, x.n), '{}')
    from (select u.key, sum(u.value::bigint) as n
            from (select * from jsonb_each_text(a) union all select * from jsonb_each_text(b)) u group by 1) x;
$$;
