/* Rows that met the same, counted, with one of them as an example. Callers: import_rows. */
-- for: service_role
create function runledger_private.group_import_rows(p_items runledger_private.import_item[]) returns jsonb
language sql immutable
set search_path = ''
as $$
  select coalesce(jsonb_agg(to_jsonb(g)), '[]')
    from (select i.status, i.result, i.reason, count(*) as rows, min(i.key) as example, min(i.detail) as detail
            from unnest(p_items) i group by 1, 2, 3) g;
$$;
