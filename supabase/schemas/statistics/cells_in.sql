/* The cells of a window. The nil uuid: all workflows of the user together; null: each workflow of the user, or of
   everybody. Callers: every function of statistics. */
-- for: service_role, authenticated
create function runledger_private.cells_in(p_user text, p_workflow uuid, p_starts_at timestamptz,
  p_days_from timestamptz,
                                 p_days_to timestamptz, p_ends_at timestamptz) returns setof runledger.execution_stats
language plpgsql stable
set search_path = ''
as $$
begin
  if p_workflow is null then
    return query
      select * from runledger.execution_stats s where s.created_by = p_user and s.grain = 'day'
         and s.workflow_id > '00000000-0000-0000-0000-000000000000' and s.starts_at >= p_days_from
           and s.starts_at < p_days_to
      union all
      select * from runledger.execution_stats s where s.created_by = p_user and s.grain = 'hour'
         and s.workflow_id > '00000000-0000-0000-0000-000000000000' and s.starts_at >= p_starts_at
           and s.starts_at < p_days_from
      union all
      select * from runledger.execution_stats s where s.created_by = p_user and s.grain = 'hour'
         and s.workflow_id > '00000000-0000-0000-0000-000000000000' and s.starts_at >= p_days_to
           and s.starts_at < p_ends_at;
  else
    return query
      select * from runledger.execution_stats s where s.created_by = p_user and s.grain = 'day'
         and s.workflow_id = p_workflow and s.starts_at >= p_days_from and s.starts_at < p_days_to
      union all
      select * from runledger.execution_stats s where s.created_by = p_user and s.grain = 'hour'
         and s.workflow_id = p_workflow and s.starts_at >= p_starts_at and s.starts_at < p_days_from
      union all
      select * from runledger.execution_stats s where s.created_by = p_user and s.grain = 'hour'
         and s.workflow_id = p_workflow and s.starts_at >= p_days_to and s.starts_at < p_ends_at;
  end if;
end $$;
