/* A page of what a user may start: their own workflows first, then what others publish, each by name; archived ones are
   left out. Goes on after the workflow that p_after_own, p_after_name and p_after_id name. What others publish never
   moves an own one to a later page. It ends with the one whose schema makes half a megabyte full.
   Callers: WorkflowService.listWorkflows. */
-- for: service_role
create function runledger.list_workflows(p_user_id text, p_limit integer, p_after_own boolean default null,
                                         p_after_name text default null, p_after_id uuid default null)
returns table (id uuid, user_id text, name text, description text, temporal_namespace text, workflow_type text,
  task_queue text, input_schema jsonb, execution_timeout text, run_timeout text, retry_policy jsonb, visibility text,
  archived_at timestamptz, redact text[], created_at timestamptz, updated_at timestamptz, host_id text,
  publisher_name text)
language sql stable
set search_path = ''
as $$
  select w.id, w.user_id, w.name, w.description, w.temporal_namespace, w.workflow_type, w.task_queue, w.input_schema,
         w.execution_timeout, w.run_timeout, w.retry_policy, w.visibility, w.archived_at, w.redact, w.created_at,
         w.updated_at, w.host_id, case when w.visibility = 'published' then runledger_private.user_name(w.user_id) end
    from (select *, sum(octet_length(both_kinds.input_schema::text)) over (
                   order by is_own desc, name, both_kinds.id
                   rows between unbounded preceding and 1 preceding) as bytes_before
            from (
            (select x.*, true as is_own from runledger.workflows x
              where x.user_id = p_user_id and x.archived_at is null
                and (p_after_id is null or (p_after_own and (x.name, x.id) > (p_after_name, p_after_id)))
              order by x.name, x.id limit p_limit)
            union all
            (select x.*, false from runledger.workflows x
              where x.visibility = 'published' and x.archived_at is null and x.user_id <> p_user_id
                and (p_after_id is null or p_after_own or (x.name, x.id) > (p_after_name, p_after_id))
              order by x.name, x.id limit p_limit)) both_kinds
          order by is_own desc, name, both_kinds.id limit p_limit) w
   where coalesce(w.bytes_before, 0) < 500000
   order by w.is_own desc, w.name, w.id;
$$;
