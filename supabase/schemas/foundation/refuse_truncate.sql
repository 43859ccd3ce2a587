-- Truncating a table goes past its row triggers: counters, changes and guards would not know.

/* Refuses to empty a table of the ledger. Callers: the triggers below. */
-- for: service_role
create function runledger_private.refuse_truncate() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  raise exception 'runledger.% is part of the ledger and cannot be truncated: its counters would stay as they are.',
  tg_table_name
    using errcode = 'PT409', detail = 'conflict',
          hint = 'Delete rows instead (runledger prune, delete_workflow_executions, or delete from), '
            || 'which counts what goes.';
end $$;
