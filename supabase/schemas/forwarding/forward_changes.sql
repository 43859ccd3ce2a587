/* Brings the next changed rows of a forwarded table into the ledger. It takes turns with imports, so that nothing older
   ever overwrites what is newer.
   Callers: ImportService.forwardChanges. Returns { rows, taken, changed, deleted, refused, left }: `left` are the notes
   that are due. */
-- for: service_role
create function runledger.forward_changes(p_source text default null, p_limit integer default 500) returns jsonb
language plpgsql
set search_path = '' set timezone = 'UTC'
as $$
declare
  v_plan constant jsonb := runledger_private.forwarded_plan(p_source);
  v_keys text[];
  v_new text[];
  v_items runledger_private.import_item[];
  v_counts jsonb := '{"rows": 0, "taken": 0, "changed": 0, "deleted": 0, "refused": 0}';
begin
  perform pg_advisory_xact_lock(hashtextextended('runledger:import', 0));
  perform set_config('runledger.forwarding', pg_current_xact_id()::text, true);
  v_keys := runledger_private.take_changes(v_plan ->> 'source', false,
    least(greatest(coalesce(p_limit, 500), 1), 5000));
  v_new := array(select n from unnest(v_keys) n where not exists (
    select from runledger_private.imported_as(v_plan ->> 'source', v_keys) k where k.key = n));
  -- New ones first: users are locked before executions.
  if v_new <> '{}' then
    v_items := runledger_private.import_part(v_plan, v_new, null);
    perform runledger_private.keep_import_rows(v_plan ->> 'source', v_items);
    select v_counts || jsonb_build_object('taken', count(*) filter (where i.result = 'taken'),
             'refused', count(*) filter (where i.result = 'refused')) into v_counts from unnest(v_items) i;
  end if;
  if cardinality(v_keys) > cardinality(v_new) then
    v_counts := runledger_private.add_counts(v_counts, runledger_private.forward_part(v_plan,
      array(select k.key from runledger_private.imported_as(v_plan ->> 'source', v_keys) k
             where k.key <> all (v_new))));
  end if;
  v_counts := v_counts || jsonb_build_object('rows', cardinality(v_keys));
  perform set_config('runledger.forwarding', '', true);
  return v_counts || jsonb_build_object('left', (
    select count(*) from runledger.forwarded_rows r
     where r.source = v_plan ->> 'source' and r.source_id is not null and r.due_at <= clock_timestamp()));
end $$;
