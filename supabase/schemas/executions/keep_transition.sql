/* Transitions are append only; only a new owner is written to them, or the execution that theirs turned out to be.
   Callers: the trigger below. */
-- for: service_role
create function runledger_private.keep_transition() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if to_jsonb(new) - 'created_by' is distinct from to_jsonb(old) - 'created_by'
     and current_setting('runledger.correcting', true) is distinct from pg_current_xact_id()::text then
    raise exception 'A transition never changes.'
      using errcode = 'PT400', detail = 'invalid_input',
        hint = 'Transitions are append only; they go with their execution.';
  end if;
  return new;
end $$;

create trigger keep_transition before update on runledger.execution_transitions
  for each row execute function runledger_private.keep_transition();
