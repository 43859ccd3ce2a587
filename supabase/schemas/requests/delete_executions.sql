/* Deletes executions of a user that have ended, with all that is kept beside them. What is open stays, and so does what
   a report ended as long as the engine has not confirmed it: it may still run.
   Callers: Ledger.deleteExecutions. Returns a list in the order of the ids: deleted, open, unsettled or not_found. */
-- for: service_role
create function runledger.delete_executions(p_user text, p_ids uuid[]) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_ids constant uuid[] := array(
    select runledger_private.present_id(i.id) from unnest(p_ids) with ordinality i (id, n) order by i.n);
  v_found jsonb;
begin
  perform from runledger.workflow_executions x where x.id = any (v_ids) and x.created_by = p_user
    order by x.id for update;
  select coalesce(jsonb_object_agg(x.id, case
      when runledger_private.is_open(x.status) then 'open'
      when x.engine = 'temporal' and x.outcome_authority = 'reported' and x.lost_at is null then 'unsettled'
      else 'deleted' end), '{}') into v_found
    from runledger.workflow_executions x where x.id = any (v_ids) and x.created_by = p_user;
  perform set_config('runledger.deleting', pg_current_xact_id()::text, true);
  delete from runledger.workflow_executions x
   where x.id = any (array(select f.key::uuid from jsonb_each_text(v_found) f where f.value = 'deleted'));
  return (select coalesce(jsonb_agg(coalesce(v_found ->> i.id::text, 'not_found') order by i.n), '[]')
            from unnest(v_ids) with ordinality i (id, n));
end $$;
