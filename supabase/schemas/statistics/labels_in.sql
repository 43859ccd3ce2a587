/* The same of verdicts and failures: cells and tail together, one row per label, zeros left out; last_at is the hour or
   the day that the last of them is counted in. Callers: get_execution_stats, get_failure_groups, get_top_failures. */
-- for: service_role, authenticated
create function runledger_private.labels_in(p_kind text, p_user text, p_workflow uuid, p_starts_at timestamptz,
  p_days_from timestamptz,
                                  p_days_to timestamptz, p_ends_at timestamptz)
returns table (label text, description text, n bigint, last_at timestamptz)
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
  return query
    select x.label, max(x.description), sum(x.n)::bigint, max(x.starts_at) filter (where x.n > 0) from (
      select l.label, l.description, l.executions as n, l.starts_at from runledger.execution_label_stats l
       where l.created_by = p_user and l.kind = p_kind and l.grain = 'day'
         and (l.workflow_id = p_workflow or (p_workflow is null
           and l.workflow_id > '00000000-0000-0000-0000-000000000000'))
         and l.starts_at >= p_days_from and l.starts_at < p_days_to
      union all
      select l.label, l.description, l.executions, l.starts_at from runledger.execution_label_stats l
       where l.created_by = p_user and l.kind = p_kind and l.grain = 'hour'
         and (l.workflow_id = p_workflow or (p_workflow is null
           and l.workflow_id > '00000000-0000-0000-0000-000000000000'))
         and ((l.starts_at >= p_starts_at and l.starts_at < p_days_from)
           or (l.starts_at >= p_days_to and l.starts_at < p_ends_at))
      union all
      select case p_kind when 'verdict' then t.verdict else t.failure_group end, t.failure_shape, t.n, t.hour
        from runledger_private.tail_in(p_user, p_workflow, p_starts_at, p_ends_at) t
       where case p_kind when 'verdict' then t.verdict else t.failure_group end is not null) x
     group by x.label having sum(x.n) > 0;
end $$;
