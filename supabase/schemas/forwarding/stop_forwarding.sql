/* Ends both directions for a table: its trigger goes, and ours if it got executions back. What was noted and not yet
   settled is settled by forward_changes and return_changes before, or lost: it refuses while there is any, unless told.
   Callers: the table's owner. Returns whether it was forwarded. */
-- for: nobody
create function runledger.stop_forwarding(p_source text, p_drops_what_is_left boolean default false) returns boolean
language plpgsql
set search_path = ''
as $$
declare
  v_source text;
  v_left bigint;
begin
  -- Imports and drains take turns with it: each holds locks of both tables. First of all, for reading locks too.
  perform pg_advisory_xact_lock(hashtextextended('runledger:import', 0));
  v_source := runledger_private.import_source(p_source);
  perform set_config('lock_timeout', '3s', true);
  execute format('drop trigger if exists runledger_forward on %s', v_source);
  if exists (select from runledger.forwarded_tables t where t.source = v_source and t.returns) then
    drop trigger if exists runledger_return on runledger.workflow_executions;
  end if;
  select count(*) into v_left from runledger.forwarded_rows r where r.source = v_source;
  if v_left > 0 and not p_drops_what_is_left then
    raise exception '% changes of % are not settled yet.', v_left, v_source
      using errcode = 'PT409', detail = 'conflict',
            hint = 'Settle them with runledger import --changes, or pass true to drop them.';
  end if;
  delete from runledger.forwarded_rows r where r.source = v_source;
  delete from runledger.forwarded_tables t where t.source = v_source;
  return found;
end $$;
