/* From now on every row that is inserted, updated or deleted in the table is noted, and forward_changes brings it into
   the ledger. p_options are those of the import. Called again it replaces them.
   Callers: the table's owner, in a migration or the SQL editor. Returns the table, its key and its columns. */
-- for: nobody
create function runledger.forward_runs(p_source text default null, p_options jsonb default '{}') returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_plan jsonb;
  v_source text;
begin
  -- Imports and drains take turns with it: each holds locks of both tables. First of all, for reading locks too.
  perform pg_advisory_xact_lock(hashtextextended('runledger:import', 0));
  v_plan := runledger_private.import_plan(p_source, p_options);
  v_source := v_plan ->> 'source';
  -- Better not to forward than to keep the application's statements waiting for this one.
  perform set_config('lock_timeout', '3s', true);
  execute format('create or replace trigger runledger_forward after insert or update or delete on %s
    for each row execute function runledger_private.note_changed_row(%L)', v_source, v_plan ->> 'key');
  insert into runledger.forwarded_tables (source, plan) values (v_source, v_plan)
    on conflict (source) do update set plan = excluded.plan;
  return v_plan - 'options';
end $$;
