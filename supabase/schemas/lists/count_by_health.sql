/* Unsettled executions of a user, of a workflow, or of everybody, by how they stood when they were last looked
   at; at most 10,000 are counted.
   Callers: ExecutionReader.countByHealth. Returns { open, unconfirmed, unchecked, health, exactness, asOf }. */
-- for: service_role
create function runledger.count_by_health(p_user_id text default null, p_workflow_id uuid default null,
  p_everybody boolean default false) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_of_user constant text := 'e.created_by = ' || quote_literal(p_user_id);
  v_of_workflow constant text := 'e.workflow_id = ' || quote_literal(p_workflow_id);
  v_reported constant text := '(e.engine = ''temporal'' and e.outcome_authority = ''reported'' and e.lost_at is null)';
  v_unsettled text;
  v_answer jsonb;
begin
  if p_user_id is null and p_workflow_id is null and not p_everybody then
    raise exception 'A count is of a user, of a workflow, or of both.'
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass a user or a workflow.';
  end if;
  -- Each by an index that holds nothing else.
  v_unsettled := case when p_user_id is null and p_workflow_id is not null
    then format('select e.id, e.outcome_authority is null as is_open from runledger.workflow_executions e
                  where %s and (e.outcome_authority is null or %s)', v_of_workflow, v_reported)
    else format('select e.id, true as is_open from runledger.workflow_executions e
                  where %s and e.status in (''pending'', ''running'')
                 union all
                 select e.id, false from runledger.workflow_executions e where %1$s and %s',
                concat_ws(' and ', v_of_user, v_of_workflow,
                  case when v_of_user is null then runledger_private.everybody_sql() end),
                v_reported) end;
  execute format(
    'with looked as materialized (
       select e.is_open, c.execution_id, c.health, c.last_check_at
         from (select * from (%s) u limit 10000) e
         left join runledger.execution_checks c on c.execution_id = e.id)
     select jsonb_build_object(''open'', count(*) filter (where l.is_open),
              ''unconfirmed'', count(*) filter (where not l.is_open),
              ''unchecked'', count(*) filter (where l.execution_id is not null and l.last_check_at is null),
              ''health'', jsonb_build_object(%s),
              ''exactness'', case when count(*) >= 10000 then ''capped'' else ''exact'' end, ''asOf'', now())
       from looked l', v_unsettled,
    (select string_agg(format('%L, count(*) filter (where l.health = %1$L)', h), ', ')
       from unnest(array['live', 'late', 'wedged', 'cancelling', 'lost']) h))
  into v_answer;
  return v_answer;
end $$;
