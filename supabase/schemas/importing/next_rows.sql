/* The next rows of the table as {key, row}; without rows only keys, so that one that cannot be read stops no other.
   Callers: import_rows. */
-- for: service_role
create function runledger_private.next_rows(p_plan jsonb, p_after text, p_limit integer, p_with_rows boolean)
returns table (key text, run jsonb)
language plpgsql stable
set search_path = ''
as $$
begin
  return query execute format('select t.%1$I::text, %4$s from %2$s t %3$s order by t.%1$I limit $2',
    p_plan ->> 'key', p_plan ->> 'source',
    case when p_after is not null then format('where t.%I > $1::%s', p_plan ->> 'key', p_plan ->> 'keyType') end,
    case when p_with_rows then 'to_jsonb(t)' else 'null::jsonb' end) using p_after, p_limit;
end $$;
