/* Refuses what is not a list: everybody's needs to be asked for by p_everybody, and a part of a filter that is none
   would be ignored. Returns the filter without its empty parts, with statuses that are excluded as those that are left,
   and with the ids of rows that turned out to be others as those of the others.
   Callers: search_executions, count_executions, get_filtered_stats, get_filtered_series. */
-- for: service_role
create function runledger_private.check_execution_search(p_user_id text, p_workflow_id uuid, p_filter jsonb,
                                               p_order_by text default 'started_at',
                                               p_everybody boolean default false) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  parts constant text[] := array['status', 'not', 'userIds', 'origin', 'workflowIds', 'taskQueue',
                                 'workflowType', 'from', 'to', 'endedFrom',
                                 'endedTo', 'authority', 'verdict', 'minDurationMs', 'maxDurationMs', 'minRuns',
                                 'maxRuns', 'tags', 'allTags', 'health', 'failureGroup', 'text', 'ids'];
  filter jsonb := coalesce((select jsonb_object_agg(f.key, f.value) from jsonb_each(p_filter) f
                             where f.value not in ('null', '[]', '""')), '{}');
  wrong text := case
    when p_user_id is null and p_workflow_id is null and not p_everybody
      then 'A list is of a user, of a workflow, or of both.'
    when filter - parts <> '{}'
      then format('There is no filter by %s.', (select string_agg(k, ', ') from jsonb_object_keys(filter - parts) k))
    when filter ? 'not' and (filter -> 'not') - array['status', 'tags'] <> '{}' then 'Not is of status and of tags.'
    when jsonb_array_length(case when filter ? 'workflowIds' then filter -> 'workflowIds' else '[]' end) > 20
      then 'A list is of 20 workflows at most.'
    when jsonb_array_length(case when filter ? 'userIds' then filter -> 'userIds' else '[]' end) > 20
      then 'A list is of 20 users at most.'
    when p_order_by is null or p_order_by not in ('started_at', 'completed_at', 'duration')
      then format('There is no order by %s.', p_order_by)
    when filter ? 'ids' and p_order_by <> 'started_at' then 'A list of ids is ordered by started_at.'
    when jsonb_array_length(case when filter ? 'ids' then filter -> 'ids' else '[]' end) > 100
      then 'A list is of 100 ids at most.'
    end;
begin
  if wrong is not null then
    raise exception '%', wrong using errcode = 'PT400', detail = 'invalid_input',
      hint = 'See ExecutionFilter and ListExecutionsOptions in @runledger/contracts.';
  end if;
  if filter ? 'ids' then
    filter := filter || jsonb_build_object('ids', (select jsonb_agg(coalesce(runledger_private.present_id(
        case when i.name ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then i.name::uuid end)::text, i.name))
      from jsonb_array_elements_text(filter -> 'ids') i (name)));
  end if;
  return runledger_private.without_exclusions(filter);
end $$;
