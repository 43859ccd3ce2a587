/* Settles rows that changed, all or none of them: those that are gone are deleted, those that are executions already
   are changed, the others are imported.
   Callers: forward_part. Returns { rows, taken, changed, deleted, refused }. */
-- for: service_role
create function runledger_private.forward_some(p_plan jsonb, p_keys text[]) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_source constant text := p_plan ->> 'source';
  v_items runledger_private.import_item[] := runledger_private.read_rows(p_plan, p_keys);
  v_known runledger_private.import_item[];
  v_new text[];
  v_deleted integer;
  v_changed integer;
begin
  delete from runledger.workflow_executions x
   using runledger_private.imported_as(v_source, p_keys) k
   where x.id = k.execution_id and not exists (select from unnest(v_items) i where i.key = k.key);
  get diagnostics v_deleted = row_count;
  -- The application may use the key again.
  delete from runledger.execution_import_rows r
   where r.source = v_source and r.source_id = any (p_keys)
     and not exists (select from unnest(v_items) i where i.key = r.source_id);
  select coalesce(array_agg(row(i.at, i.key, i.status, i.result, i.reason, i.detail, k.execution_id, i.name,
           i.e)::runledger_private.import_item), '{}') into v_known
    from unnest(v_items) i join runledger_private.imported_as(v_source, p_keys) k on k.key = i.key
   where i.result is null;
  v_changed := runledger_private.change_imported(v_source, v_known);
  v_new := array(select i.key from unnest(v_items) i
                  where not exists (select from runledger_private.imported_as(v_source, p_keys) k where k.key = i.key));
  v_items := case when v_new = '{}' then '{}' else runledger_private.import_some(p_plan, v_new, null) end;
  perform runledger_private.keep_import_rows(v_source, v_items);
  return jsonb_build_object('rows', cardinality(p_keys), 'changed', v_changed, 'deleted', v_deleted,
    'taken', (select count(*) from unnest(v_items) i where i.result = 'taken'),
    'refused', (select count(*) from unnest(v_items) i where i.result = 'refused'));
end $$;
