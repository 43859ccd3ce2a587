/* The keys of the next rows of the table, in their order. Callers: import_rows. */
-- for: service_role
create function runledger_private.next_keys(p_plan jsonb, p_after text, p_limit integer) returns text[]
language plpgsql stable
set search_path = ''
as $$
declare
  v_keys text[];
begin
  execute format('select array(select t.%1$I::text from %2$s t %3$s order by t.%1$I limit $2)',
    p_plan ->> 'key', p_plan ->> 'source',
    case when p_after is not null then format('where t.%I > $1::%s', p_plan ->> 'key', p_plan ->> 'keyType') end)
    into v_keys using p_after, p_limit;
  return v_keys;
end $$;
