/* Statistics of a workflow that a user may use: everybody's for its owner, their own for all others; null where there
   is none that they may use. Callers: StatisticsReader.workflowStats. Returns { of, rows } with the rows of
   get_execution_stats. */
-- for: service_role
create function runledger.get_workflow_statistics(p_user_id text, p_workflow_id uuid,
  p_from timestamptz default null, p_to timestamptz default null, p_with_previous boolean default false) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_is_owner boolean;
begin
  select w.user_id = p_user_id into v_is_owner from runledger.workflows w
   where w.id = p_workflow_id and (w.user_id = p_user_id or w.visibility = 'published');
  if not found then return null; end if;
  return (select jsonb_build_object('of', case when v_is_owner then 'everyone' else 'caller' end,
                                    'rows', jsonb_agg(to_jsonb(s)))
            from runledger.get_execution_stats(p_workflow_id, case when not v_is_owner then p_user_id end, p_from, p_to,
              p_with_previous) s);
end $$;
