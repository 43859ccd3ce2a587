-- Gives way to Runledger's names in a database that already has tables, views or functions of these names.
-- Nothing is dropped: `workflow_executions` becomes `workflow_executions_adopted` with all its rows, and so on.
-- Foreign keys, grants and policies move along. Code that uses the old tables by name must be stopped first.
-- Run once, as their owner, before the migrations:  psql "$DATABASE_URL" -f supabase/adopt/rename_existing_tables.sql
begin;

do $$
declare
  names constant text[] := array['workflows', 'workflow_executions', 'workflow_runs', 'workflow_run_counts',
    'execution_transitions', 'execution_runs', 'execution_checks', 'execution_changes', 'execution_reports',
    'execution_timelines', 'execution_deltas', 'execution_stats', 'execution_label_stats', 'execution_stats_pruned',
    'fold_state', 'idempotency_keys', 'monitor_state',
    'execution_quotas', 'execution_quota_usage', 'execution_prunes', 'execution_imports', 'execution_import_rows'];
  functions constant text[] := array['complete_workflow_run', 'complete_workflow_run_and_get_count',
    'get_user_workflow_run_count', 'fix_stuck_runs', 'get_execution_stats', 'create_execution', 'admit_execution',
    'record_outcomes', 'record_open', 'request_cancel', 'delete_workflow_executions', 'youngest_unsettled', 'due_checks', 'unsettled_by_ids',
    'save_checks', 'pending_starts', 'find_runs', 'adopt_executions', 'usual_durations', 'pending_timelines', 'save_timelines',
    'ledger_figures', 'execution_story', 'changes_since', 'trim_changes', 'save_monitor_state',
    'visible_workflows', 'fold_execution_stats', 'verify_execution_stats', 'rebuild_execution_stats',
    'get_execution_series', 'get_top_workflows', 'get_top_failures', 'get_workflow_counters',
    'quotas_of', 'set_quota', 'prune_executions', 'import_workflow_runs', 'describe_import',
    'search_executions', 'count_executions', 'runledger_schema_version', 'record_outcomes_document', 'record_open_document',
    'adopt_executions_document', 'unsettled_executions_document', 'pending_starts_document', 'pending_timelines_document',
    'usual_durations_document', 'get_execution_series_document', 'get_top_workflows_document', 'get_top_failures_document',
    'get_workflow_counters_document', 'counted_scopes', 'counted_span', 'verify_execution_stats_part', 'rebuild_execution_stats_part'];
  r record;
begin
  if to_regprocedure('public.runledger_schema_version()') is not null then
    raise exception 'Runledger is installed in this database already: there is nothing to rename.'
      using errcode = 'duplicate_table';
  end if;
  -- Indexes first (a constraint's index goes by the constraint's name): their names would be taken otherwise.
  for r in
    select i.relname as name from pg_catalog.pg_index x
      join pg_catalog.pg_class i on i.oid = x.indexrelid
      join pg_catalog.pg_class t on t.oid = x.indrelid
     where t.relnamespace = 'public'::regnamespace and t.relname = any (names)
  loop
    execute format('alter index public.%I rename to %I', r.name, left(r.name, 55) || '_adopted');
  end loop;
  for r in
    select c.relname as name,
           case c.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end as kind
      from pg_catalog.pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relname = any (names) and c.relkind in ('r', 'p', 'v', 'm', 'f')
  loop
    execute format('alter %s public.%I rename to %I', r.kind, r.name, left(r.name, 55) || '_adopted');
    raise notice 'public.% is now public.%_adopted', r.name, left(r.name, 55);
  end loop;
  for r in
    select p.oid::regprocedure as signature, p.proname as name,
           case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end as kind
      from pg_catalog.pg_proc p
     where p.pronamespace = 'public'::regnamespace and p.proname = any (functions)
  loop
    execute format('alter %s %s rename to %I', r.kind, r.signature, left(r.name, 55) || '_adopted');
    raise notice '% is now public.%_adopted', r.signature, left(r.name, 55);
  end loop;
end $$;

commit;
