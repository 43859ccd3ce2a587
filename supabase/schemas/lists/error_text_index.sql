-- Lists and counts that no index can serve alone. Callers: the service role, with the scope as an argument.
--
-- A list is served by a source: executions of the scope in the list's order, by an index. A look reads a bounded number
-- of them and keeps what satisfies the filter. Looks are repeated until the page is full, nothing is left, or the page
-- has read its share of buffers; then it says how far it came.

-- Words in error messages, by their trigrams. As an array, not by the operator class for `ilike`: that one compares
-- every row that it finds before a limit can stop it. A team may have the extension in a schema of its own already.
create schema if not exists extensions;
do $$
begin
  if not exists (select from pg_catalog.pg_extension where extname = 'pg_trgm') then
    create extension pg_trgm with schema extensions;
    comment on schema runledger is 'Runledger; pg_trgm came with it';
  end if;
  execute format(
    'create index idx_workflow_executions_error_text on runledger.workflow_executions
       using gin (%s.show_trgm(error_message)) with (gin_pending_list_limit = 256) where error_message is not null',
    (select e.extnamespace::regnamespace from pg_catalog.pg_extension e where e.extname = 'pg_trgm'));
end $$;
