/* A filter within its scope as SQL over `e`. Callers: find_executions, rows_in_window. */
-- for: service_role
create function runledger_private.execution_filter_sql(p_user_id text, p_workflow_id uuid, p_filter jsonb) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  return concat_ws(' and ',
    case when p_user_id is null and p_workflow_id is null then 'true' end,
    'e.created_by = ' || quote_literal(p_user_id),
    'e.workflow_id = ' || quote_literal(p_workflow_id),
    case when p_filter ? 'userIds'
      then 'e.created_by = any (' || quote_literal(runledger_private.text_array(p_filter -> 'userIds'))
           || '::text[])' end,
    case when p_filter ? 'status'
      then 'e.status = any (' || quote_literal(runledger_private.text_array(p_filter -> 'status')) || '::text[])' end,
    'e.started_at >= ' || quote_literal((p_filter ->> 'from')::timestamptz),
    'e.started_at < ' || quote_literal((p_filter ->> 'to')::timestamptz),
    case when p_filter ? 'workflowIds'
      then 'e.workflow_id = any (' || quote_literal(runledger_private.text_array(p_filter -> 'workflowIds'))
           || '::uuid[])' end,
    -- Not as a join or an exists: Postgres may read all workflows for those.
    '(select w.task_queue from runledger.workflows w where w.id = e.workflow_id) = '
      || quote_literal(p_filter ->> 'taskQueue'),
    '(select w.workflow_type from runledger.workflows w where w.id = e.workflow_id) = '
      || quote_literal(p_filter ->> 'workflowType'),
    'e.completed_at >= ' || quote_literal((p_filter ->> 'endedFrom')::timestamptz),
    'e.completed_at < ' || quote_literal((p_filter ->> 'endedTo')::timestamptz),
    'e.outcome_authority = ' || quote_literal(p_filter ->> 'authority'),
    case when p_filter ? 'origin'
      then runledger_private.origin_sql() || ' = any ('
           || quote_literal(runledger_private.text_array(p_filter -> 'origin')) || '::text[])' end,
    'e.run_count >= ' || (p_filter ->> 'minRuns')::integer,
    'e.run_count <= ' || (p_filter ->> 'maxRuns')::integer,
    'e.verdict = ' || quote_literal(p_filter ->> 'verdict'),
    'e.duration_ms >= ' || (p_filter ->> 'minDurationMs')::bigint,
    'e.duration_ms <= ' || (p_filter ->> 'maxDurationMs')::bigint,
    case when p_filter ? 'tags'
      then 'e.tags && ' || quote_literal(runledger_private.text_array(p_filter -> 'tags')) || '::text[]' end,
    case when p_filter ? 'notTags'
      then 'not e.tags && ' || quote_literal(runledger_private.text_array(p_filter -> 'notTags')) || '::text[]' end,
    case when p_filter ? 'allTags'
      then 'e.tags @> ' || quote_literal(runledger_private.text_array(p_filter -> 'allTags')) || '::text[]' end,
    case when p_filter ? 'health'
      then 'exists (select from runledger.execution_checks x where x.execution_id = e.id and x.health = any ('
           || quote_literal(runledger_private.text_array(p_filter -> 'health')) || '::text[]))' end,
    'e.failure_group = ' || quote_literal(p_filter ->> 'failureGroup'),
    'e.error_message ilike ' || quote_literal(runledger_private.like_pattern(p_filter ->> 'text'))
      -- Whoever may not read an error does not find out by searching what is in it.
      || ' and not (select runledger_private.hides_error(w.redact, e.error_message)
                      from runledger.workflows w where w.id = e.workflow_id)',
    case when p_filter ? 'ids'
      then '(e.id::text = any (' || quote_literal(runledger_private.text_array(p_filter -> 'ids'))
           || '::text[]) or e.temporal_workflow_id = any ('
           || quote_literal(runledger_private.text_array(p_filter -> 'ids')) || '::text[]))' end);
end $$;
