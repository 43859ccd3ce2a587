/* Settles changed rows that are executions already, all or none of them: those that are gone are deleted here too, and
   their keys may be used again; the others are changed.
   Callers: forward_part. Returns { changed, deleted }. */
-- for: service_role
create function runledger_private.forward_some(p_plan jsonb, p_keys text[]) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_source constant text := p_plan ->> 'source';
  v_items constant runledger_private.import_item[] := runledger_private.read_rows(p_plan, p_keys);
  v_gone constant text[] := array(
    select k from unnest(p_keys) k where not exists (select from unnest(v_items) i where i.key = k));
  v_known runledger_private.import_item[];
  v_deleted integer;
begin
  select coalesce(array_agg(row(i.at, i.key, i.status, i.result, i.reason, i.detail, k.execution_id, i.name,
           i.e)::runledger_private.import_item), '{}') into v_known
    from unnest(v_items) i join runledger_private.imported_as(v_source, p_keys) k on k.key = i.key
   where i.result is null;
  perform from runledger.workflow_executions x
    where x.id in (select k.execution_id from runledger_private.imported_as(v_source, p_keys) k)
    order by x.id for no key update;
  delete from runledger.workflow_executions x
   using runledger_private.imported_as(v_source, v_gone) k where x.id = k.execution_id;
  get diagnostics v_deleted = row_count;
  delete from runledger.execution_import_rows r where r.source = v_source and r.source_id = any (v_gone);
  return jsonb_build_object('deleted', v_deleted,
    'changed', runledger_private.change_imported(v_source, v_known));
end $$;
