/* A user or workflow that goes takes along what was pruned of theirs; one that is renamed keeps it.
   Callers: the triggers below. */
-- for: service_role
create function runledger_private.recount_pruned() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if current_setting('runledger.pruning', true) = pg_current_xact_id()::text then return null; end if;
  if exists (select from gone) then
    perform runledger_private.add_pruned(array(select row(g.*)::runledger.execution_stats_pruned from gone g), -1);
  end if;
  if tg_op = 'UPDATE' then
    perform runledger_private.add_pruned(array(select row(k.*)::runledger.execution_stats_pruned from kept k), 1);
  end if;
  return null;
end $$;

create trigger recount_deleted after delete on runledger.execution_stats_pruned
  referencing old table as gone for each statement execute function runledger_private.recount_pruned();

create trigger recount_renamed after update on runledger.execution_stats_pruned
  referencing old table as gone new table as kept
    for each statement execute function runledger_private.recount_pruned();
