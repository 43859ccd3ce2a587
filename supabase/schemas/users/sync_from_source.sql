/* Brings the next p_limit users of the source, in the order of its key, which its own index has. Returns how many it
   added, and the key it came to: null at the end. Callers: sync_users. */
-- for: service_role
create function runledger_private.sync_from_source(s runledger.user_source, p_limit integer,
                                                   out added integer, out seen integer, out after_key text[])
language plpgsql security definer
set search_path = ''
as $$
declare
  v_columns text;
  v_texts text;
  v_after text;
  v_ids text[];
  v_accounts uuid[];
begin
  select string_agg(format('s.%I', c.name), ', ' order by c.n),
         string_agg(format('s.%I::text', c.name), ', ' order by c.n),
         string_agg(format('$1[%s]::%s', c.n, format_type(a.atttypid, a.atttypmod)), ', ' order by c.n)
    into v_columns, v_texts, v_after
    from unnest(s.key_columns) with ordinality c (name, n)
    join pg_catalog.pg_attribute a on a.attrelid = s.source::regclass and a.attname = c.name;
  -- The last row of the part says where the next one begins.
  execute format('
    select array_agg(k.id) filter (where k.is_there), %s, count(*), (array_agg(k.parts order by k.n desc))[1:1]
      from (select row_number() over (order by %s) as n, %s as id, array[%s]::text[] as parts, %s as account,
                   %s as is_there
              from %s s where %s and %s is not null order by %s limit $2) k',
      case when s.auth_user_column is null then 'null::uuid[]'
        else 'array_agg(k.account) filter (where k.is_there)' end,
      v_columns, runledger_private.user_id_sql(s.key_columns), v_texts,
      coalesce('s.' || quote_ident(s.auth_user_column) || '::uuid', 'null::uuid'),
      coalesce('s.' || quote_ident(s.left_column) || ' is null', 'true'), s.source,
      case when s.after_key is null then 'true' else format('(%s) > (%s)', v_columns, v_after) end,
      runledger_private.user_id_sql(s.key_columns), v_columns)
    into v_ids, v_accounts, seen, after_key using s.after_key, p_limit;
  added := runledger_private.bring_users(coalesce(v_ids, '{}'), v_accounts);
  after_key := case when seen = p_limit then array(select unnest(after_key)) end;
end $$;
