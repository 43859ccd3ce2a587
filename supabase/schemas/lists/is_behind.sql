/* Whether a list's position a lies behind b. Callers: find_executions. */
-- for: service_role
create function runledger_private.is_behind(p_list jsonb, a jsonb, b jsonb) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  return (select case when p_list ->> 'direction' = 'asc' then order_of.a > order_of.b else order_of.a < order_of.b end
    from (select case when p_list ->> 'column' = 'duration_ms' then (a ->> 'value')::numeric
                      else extract(epoch from (a ->> 'value')::timestamptz) end as a,
                 case when p_list ->> 'column' = 'duration_ms' then (b ->> 'value')::numeric
                      else extract(epoch from (b ->> 'value')::timestamptz) end as b) order_of);
end $$;
