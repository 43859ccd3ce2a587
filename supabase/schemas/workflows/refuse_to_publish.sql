/* Callers: create_workflow, update_workflow. */
-- for: service_role
create function runledger_private.refuse_to_publish() returns void
language plpgsql
set search_path = ''
as $$
begin
  raise exception 'Publishing a workflow, or changing a published one, needs a right that this user does not have.'
    using errcode = 'PT403', detail = 'permission_denied',
          hint = 'Keep it private, or ask an operator to publish it. '
            || 'Withdrawing (private, archived) is always possible.';
end $$;
