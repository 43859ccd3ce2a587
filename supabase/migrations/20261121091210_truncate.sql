-- Truncating a table goes past its row triggers: counters, changes and guards would not know.

/* Refuses to empty a table of the ledger. Callers: the triggers below. */
create function private.refuse_truncate() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  raise exception 'public.% is part of the ledger and cannot be truncated: its counters would stay as they are.', tg_table_name
    using errcode = 'PT409', detail = 'conflict',
          hint = 'Delete rows instead (runledger prune, delete_workflow_executions, or delete from), which counts what goes.';
end $$;
revoke execute on function private.refuse_truncate() from public, anon, authenticated;
grant execute on function private.refuse_truncate() to service_role;

do $$
declare
  t text;
begin
  foreach t in array array[
    'workflows', 'workflow_executions', 'execution_transitions', 'execution_runs', 'execution_checks', 'execution_changes',
    'execution_reports', 'execution_timelines', 'execution_deltas', 'execution_stats', 'execution_label_stats', 'execution_stats_pruned',
    'fold_state', 'idempotency_keys', 'monitor_state', 'execution_quotas', 'execution_quota_usage', 'execution_prunes', 'execution_imports', 'execution_import_rows'
  ] loop
    execute format('create trigger refuse_truncate before truncate on public.%I for each statement execute function private.refuse_truncate()', t);
  end loop;
end $$;
