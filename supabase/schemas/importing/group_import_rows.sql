/* Rows that met the same, counted, with one of them as an example. Callers: import_rows. */
-- for: service_role
create function runledger_private.group_import_rows(p_rows jsonb[]) returns jsonb
language sql immutable
set search_path = ''
as $$
  select coalesce(jsonb_agg(to_jsonb(g)), '[]')
    from (select s ->> 'status' as status, s ->> 'result' as result, s ->> 'reason' as reason, count(*) as rows,
                 min(s ->> 'key') as example, min(s ->> 'detail') as detail
            from unnest(p_rows) s group by 1, 2, 3) g;
$$;
