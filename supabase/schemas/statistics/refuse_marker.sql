/* Refuses an id that stands for "all" in the cells: nobody's own. Not immutable: it would be called when a plan is
   made.
   Callers: stats_user, stats_workflow. */
-- for: service_role, authenticated
create function runledger_private.refuse_marker(p_what text) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  raise exception 'No % is empty.', p_what
    using errcode = 'PT400', detail = 'invalid_input', hint = 'Leave it out to ask for all.';
end $$;
