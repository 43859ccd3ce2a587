/* Refuses a user who keeps as much as they may. Without such a quota it is two probes of an index.
   Callers: create_workflow. Raises quota_exceeded. */
-- for: service_role
create function runledger_private.refuse_by_storage(p_user text) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_most bigint;
  v_kept bigint;
begin
  -- Of no workflow: the one for all of them together.
  select q.stored_bytes into v_most from runledger_private.quotas_for(p_user, null) q;
  if v_most is null then return; end if;
  v_kept := runledger_private.stored_bytes_of(p_user);
  if v_kept >= v_most then
    perform runledger_private.refuse_by_quota(jsonb_build_object('kind', 'storedBytes', 'limit', v_most,
      'used', v_kept, 'freesAt', null, 'workflowId', null));
  end if;
end $$;
