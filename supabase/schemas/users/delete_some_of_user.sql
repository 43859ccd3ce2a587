/* Deletes at most p_limit rows of what a user has: executions with all that goes with them, also those of others in
   the user's workflows, then what was pruned. Waits for no execution that somebody writes: the next batch has it.
   Returns how many executions went, how many of them were of others, and how many rows in all. Callers: settle_user.
   */
-- for: service_role
create function runledger_private.delete_some_of_user(p_user text, p_limit integer,
                                                      out executions integer, out others integer, out rows integer)
language plpgsql
set search_path = ''
as $$
begin
  -- In the order of an index, so that no batch reads what the next ones will delete; as an array, because a plan may
  -- ask a subquery several times, and each time it would find other rows.
  delete from runledger.workflow_executions x where x.id = any (array(
    select d.id from runledger.workflow_executions d where d.created_by = p_user
     order by d.started_at, d.id limit p_limit for update skip locked));
  get diagnostics executions = row_count;
  delete from runledger.workflow_executions x where x.id = any (array(
    select d.id from runledger.workflows w cross join lateral (
      select e.id from runledger.workflow_executions e where e.workflow_id = w.id
       order by e.started_at, e.id limit p_limit - executions for update skip locked) d
     where w.user_id = p_user limit p_limit - executions));
  get diagnostics others = row_count;
  executions := executions + others;
  rows := executions;
  if rows > 0 then return; end if;
  delete from runledger.execution_stats_pruned p where p.ctid = any (array(
    select x.ctid from runledger.execution_stats_pruned x
     where x.created_by = p_user or x.workflow_id in (select w.id from runledger.workflows w where w.user_id = p_user)
     limit p_limit for update skip locked));
  get diagnostics rows = row_count;
end $$;
