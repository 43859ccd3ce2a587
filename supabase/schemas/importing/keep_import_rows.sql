/* Keeps what became of rows: of one that was taken, for ever. Callers: import_rows, forward_changes. */
-- for: service_role
create function runledger_private.keep_import_rows(p_source text, p_items runledger_private.import_item[]) returns void
language sql
set search_path = ''
as $$
  insert into runledger.execution_import_rows as r (source, source_id, status, result, reason, detail, execution_id)
    select p_source, i.key, i.status, i.result, i.reason, i.detail,
           case when i.result <> 'refused' then i.execution_id end
      from unnest(p_items) i
    on conflict (source, source_id) do update
      set status = excluded.status, result = excluded.result, reason = excluded.reason, detail = excluded.detail,
          execution_id = excluded.execution_id
      where r.result <> 'taken';
$$;
