/* From now on every change of an execution is noted, and return_changes writes it into the table, which has to
   be forwarded. p_spellings says how it spells a status of ours ({"timed_out": "failed"}); default: as most of its
   rows do. Raises invalid_input where its column cannot hold one of them.
   Callers: the table's owner. Returns the spellings. */
-- for: nobody
create function runledger.return_runs(p_source text default null, p_spellings jsonb default '{}') returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_plan jsonb;
  v_spellings jsonb;
begin
  -- Imports and drains take turns with it: each holds locks of both tables. First of all, for reading locks too.
  perform pg_advisory_xact_lock(hashtextextended('runledger:import', 0));
  v_plan := runledger_private.forwarded_plan(p_source);
  v_spellings := runledger_private.spell_statuses(v_plan, runledger_private.unwrap(p_spellings));
  perform runledger_private.check_spellings(v_plan, v_spellings);
  if exists (select from runledger.forwarded_tables t where t.returns and t.source <> v_plan ->> 'source') then
    raise exception 'Another table gets the executions back.'
      using errcode = 'PT409', detail = 'conflict', hint = 'End that with runledger.stop_forwarding first.';
  end if;
  perform set_config('lock_timeout', '3s', true);
  update runledger.forwarded_tables t set returns = true, spellings = v_spellings
   where t.source = v_plan ->> 'source';
  create or replace trigger runledger_return after insert or update or delete on runledger.workflow_executions
    for each row execute function runledger_private.note_changed_execution();
  return v_spellings;
end $$;
