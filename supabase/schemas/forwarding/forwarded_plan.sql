/* How a forwarded table is read, its columns as they are now. Raises not_found where it is not forwarded.
   Callers: forward_changes, return_changes, note_changes_since. */
-- for: service_role
create function runledger_private.forwarded_plan(p_source text) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_source constant text := runledger_private.import_source(p_source);
  v_options jsonb;
begin
  select t.plan -> 'options' into v_options from runledger.forwarded_tables t where t.source = v_source;
  if not found then
    raise exception '% is not forwarded.', v_source
      using errcode = 'PT404', detail = 'not_found',
            hint = format('As its owner: select runledger.forward_runs(%L);', v_source);
  end if;
  return runledger_private.import_plan(v_source, v_options);
end $$;
