/* About how many buffers of executions, their checks, transitions and workflows this transaction has read so far; 0
   with track_counts off. Of a large value, a check or a workflow, an index is read as well.
   Callers: find_executions. */
-- for: service_role
create function runledger_private.buffers_read() returns bigint
language plpgsql volatile
set search_path = ''
as $$
begin
  return (select pg_catalog.pg_stat_get_xact_blocks_fetched(c.oid)
         + 3 * pg_catalog.pg_stat_get_xact_blocks_fetched(c.reltoastrelid)
         + 3 * pg_catalog.pg_stat_get_xact_blocks_fetched('runledger.workflows'::regclass)
         + 4 * pg_catalog.pg_stat_get_xact_blocks_fetched('runledger.execution_checks'::regclass)
         + pg_catalog.pg_stat_get_xact_blocks_fetched('runledger.execution_transitions'::regclass)
         + pg_catalog.pg_stat_get_xact_blocks_fetched('runledger.idx_execution_transitions_execution'::regclass)
    from pg_catalog.pg_class c where c.oid = 'runledger.workflow_executions'::regclass);
end $$;
