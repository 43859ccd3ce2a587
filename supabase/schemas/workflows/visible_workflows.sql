-- What a user may start.

/* What a user may start: their own workflows and all published ones, by name; archived ones only by id. All of them, or
   at most p_limit after the last one of a page.
   Callers: WorkflowService.listWorkflows, getWorkflow. */
-- for: service_role
create function runledger.visible_workflows(p_user_id text, p_id uuid default null, p_after_name text default null,
                                         p_after_id uuid default null, p_limit integer default null)
returns setof runledger.workflows
language sql stable
set search_path = ''
as $$
  select * from runledger.workflows w
   where (w.user_id = p_user_id or w.visibility = 'published')
     and case when p_id is null then w.archived_at is null else w.id = p_id end
     and (p_after_id is null or (w.name, w.id) > (p_after_name, p_after_id))
   order by w.name, w.id
   limit p_limit;
$$;
