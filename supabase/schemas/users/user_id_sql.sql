/* SQL for the id of a row of the source: its key as text, several columns joined by colons. `s` names the row.
   Callers: everything that reads the source. */
-- for: service_role
create function runledger_private.user_id_sql(p_key text[], p_row text default 's') returns text
language sql immutable
set search_path = ''
as $$
  select string_agg(format('%s.%I::text', p_row, c.name), $s$ || ':' || $s$ order by c.n)
    from unnest(p_key) with ordinality c (name, n);
$$;
