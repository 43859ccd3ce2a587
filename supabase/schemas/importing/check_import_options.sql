/* Refuses options that name what is not there. Callers: describe_import, import_workflow_runs. */
-- for: service_role
create function runledger_private.check_import_options(o jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_wrong text;
begin
  select string_agg(format('%s=%s', w.key, w.value), ', ') into v_wrong
    from (select * from jsonb_each_text(o -> 'workflows') union all select 'workflow', o ->> 'workflow'
      where o ->> 'workflow' is not null) w
   where not exists (select from runledger.workflows x where x.id::text = lower(w.value));
  if v_wrong is not null then
    raise exception 'There is no such workflow: %.', v_wrong
      using errcode = 'PT404', detail = 'not_found',
        hint = 'Create it first, or leave it out: workflows that are missing are made.';
  end if;
  select string_agg(format('%s=%s', w.key, w.value), ', ') into v_wrong from jsonb_each_text(o -> 'statuses') w
   where not (runledger_private.is_open(w.value) or runledger_private.is_end(w.value));
  if v_wrong is not null then
    raise exception 'The ledger has no such status: %.', v_wrong
      using errcode = 'PT400', detail = 'invalid_input',
            hint = 'Map to one of ' || array_to_string(runledger_private.statuses(), ', ') || '.';
  end if;
end $$;
