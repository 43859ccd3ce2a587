/* Gives at most p_limit rows of a user to the user's new id, and at last deletes the user. Waits for nobody who holds
   one of the two users: the next batch has it. Returns how many executions. Callers: settle_user. */
-- for: service_role
create function runledger_private.move_some_of_user(p_user text, p_to text, p_limit integer, out executions integer)
language plpgsql
set search_path = ''
as $$
begin
  executions := 0;
  if not runledger_private.move_account(p_user, p_to) then return; end if;
  update runledger.workflow_executions x set created_by = p_to where x.id = any (array(
    select d.id from runledger.workflow_executions d where d.created_by = p_user
     order by d.id limit p_limit for no key update skip locked));
  get diagnostics executions = row_count;
  if executions > 0 or exists (select from runledger.workflow_executions x where x.created_by = p_user) then
    return;
  end if;
  update runledger.workflows w set user_id = p_to where w.user_id = p_user;
  update runledger.execution_quotas q set user_id = p_to where q.user_id = p_user and not exists (
    select from runledger.execution_quotas o
     where o.user_id = p_to and o.workflow_id is not distinct from q.workflow_id);
  update runledger.idempotency_keys k set user_id = p_to where k.user_id = p_user and not exists (
    select from runledger.idempotency_keys o
     where o.user_id = p_to and o.workflow_id = k.workflow_id and o.key = k.key);
  update runledger.saved_views v set user_id = p_to where v.user_id = p_user and not exists (
    select from runledger.saved_views o where o.user_id = p_to and o.name = v.name);
  update runledger.machine_keys k set user_id = p_to where k.user_id = p_user;
  perform runledger_private.merge_pruned_of_user(p_user, p_to);
  begin
    update runledger.execution_stats_pruned p set created_by = p_to where p.ctid = any (array(
      select x.ctid from runledger.execution_stats_pruned x where x.created_by = p_user
         and not exists (select from runledger.execution_stats_pruned o where o.created_by = p_to
           and o.workflow_id = x.workflow_id and o.grain = x.grain and o.starts_at = x.starts_at)
         for update skip locked));
  exception when unique_violation then
    -- Something of the other's was pruned at this moment: the next batch adds to it.
    return;
  end;
  if exists (select from runledger.execution_stats_pruned p where p.created_by = p_user) then return; end if;
  perform runledger_private.delete_user(p_user);
end $$;
