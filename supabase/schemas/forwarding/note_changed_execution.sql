/* Notes which execution changed, for the table that gets it back. What retention prunes stays in that table. It runs as
   the owner, as all triggers of executions. Callers: the trigger that return_runs makes, with the name of the table. */
-- for: nobody
create function runledger_private.note_changed_execution() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if runledger_private.is_forwarding()
     or current_setting('runledger.pruning', true) is not distinct from pg_current_xact_id()::text then
    return null;
  end if;
  if tg_op = 'UPDATE' then
    if new.revision = old.revision then return null; end if;
  end if;
  insert into runledger.forwarded_rows (source, execution_id)
    select t.source, case tg_op when 'DELETE' then old.id else new.id end
      from runledger.forwarded_tables t where t.returns;
  return null;
end $$;
