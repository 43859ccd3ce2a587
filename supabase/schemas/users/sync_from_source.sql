/* Brings the next p_limit users of the source, in the order of its key, which its own index has. Returns how many it
   added, and the key it came to: null at the end. Callers: sync_users. */
-- for: service_role
create function runledger_private.sync_from_source(s runledger.user_source, p_limit integer,
                                                   out added integer, out seen integer, out after_key text[])
language plpgsql security definer
set search_path = ''
as $$
declare
  v_order text;
  v_after text;
  v_texts text;
  v_ids text[];
  v_accounts uuid[];
begin
  select string_agg(o.ordered, ', ' order by c.n),
         string_agg(format('$1[%s]::%s', c.n, o.cast_to), ', ' order by c.n),
         string_agg(format('s.%I::text', c.name), ', ' order by c.n)
    into v_order, v_after, v_texts
    from unnest(s.key_columns) with ordinality c (name, n)
   cross join lateral runledger_private.key_order(s.source::regclass, c.name, 's') o;
  -- The last row of the part says where the next one begins.
  execute format('
    select array_agg(k.id) filter (where not k.has_left), array_agg(k.account) filter (where not k.has_left), count(*),
           (array_agg(k.parts order by k.n desc))[1:1]
      from (select row_number() over (order by %1$s) as n, array[%2$s]::text[] as parts, %3$s
              from %4$s s where %5$s and %6$s is not null order by %1$s limit $2) k',
      v_order, v_texts, runledger_private.user_columns_sql(s.key_columns, s.auth_user_column, s.left_column), s.source,
      case when s.after_key is null then 'true' else format('(%s) > (%s)', v_order, v_after) end,
      runledger_private.user_id_sql(s.key_columns))
    into v_ids, v_accounts, seen, after_key using s.after_key, p_limit;
  added := runledger_private.bring_users(coalesce(v_ids, '{}'),
    case when s.auth_user_column is not null then coalesce(v_accounts, '{}') end);
  after_key := case when seen = p_limit then array(select unnest(after_key)) end;
end $$;
