/* SQL that says whether the source still has the user whose id is `p_id` (an SQL expression). Each part of the id is
   cast to its column's type, so that the source's own key is used; where a part holds a colon itself, texts are
   compared.
   Callers: source_has_user, sync_users. */
-- for: service_role
create function runledger_private.source_match_sql(p_source runledger.user_source, p_id text) returns text
language sql stable
set search_path = ''
as $$
  select format('case when cardinality(%s) = %s then exists (select from %s s where %s and not %s)
                      else exists (select from %s s where %s = %s and not %s) end',
      p.parts, cardinality(p_source.key_columns), p_source.source,
      (select string_agg(format('%s = (%s)[%s]::%s', o.ordered, p.parts, c.n, o.cast_to), ' and ' order by c.n)
         from unnest(p_source.key_columns) with ordinality c (name, n)
        cross join lateral runledger_private.key_order(p_source.source::regclass, c.name, 's') o),
      p.has_left, p_source.source, runledger_private.user_id_sql(p_source.key_columns), p_id, p.has_left)
    from (select case when cardinality(p_source.key_columns) = 1 then format('array[%s]', p_id)
                      else format('string_to_array(%s, '':'')', p_id) end as parts,
                 runledger_private.has_left_sql(p_source.left_column) as has_left) p;
$$;
