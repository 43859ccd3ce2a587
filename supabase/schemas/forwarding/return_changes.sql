/* Writes the next executions that changed into the table that gets them back.
   Callers: ImportService.returnChanges. Returns { rows, written, deleted, refused, left }. */
-- for: service_role
create function runledger.return_changes(p_source text default null, p_limit integer default 500) returns jsonb
language plpgsql
set search_path = '' set timezone = 'UTC'
as $$
declare
  v_plan constant jsonb := runledger_private.forwarded_plan(p_source);
  v_source constant text := v_plan ->> 'source';
  t runledger.forwarded_tables;
  v_ids uuid[];
  v_counts jsonb;
begin
  select * into t from runledger.forwarded_tables f where f.source = v_source;
  if not t.returns then
    raise exception '% gets no executions back.', v_source
      using errcode = 'PT404', detail = 'not_found',
            hint = format('As its owner: select runledger.return_runs(%L);', v_source);
  end if;
  perform pg_advisory_xact_lock(hashtextextended('runledger:import', 0));
  perform set_config('runledger.forwarding', pg_current_xact_id()::text, true);
  v_ids := runledger_private.take_changes(v_source, true, least(greatest(coalesce(p_limit, 500), 1), 5000))::uuid[];
  v_counts := runledger_private.return_some(v_plan, t.spellings, v_ids);
  perform set_config('runledger.forwarding', '', true);
  return v_counts || jsonb_build_object('left', (
    select count(*) from runledger.forwarded_rows r
     where r.source = v_source and r.execution_id is not null and r.due_at <= clock_timestamp()));
end $$;
