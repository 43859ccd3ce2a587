/* Brings definitions up to what the host's rows say. Waits for nobody: what others are writing at this moment is left
   to the next sync, as is a row whose owner is not in users, or of which no definition can be made. An id that is
   somebody else's here stays theirs. Returns how many changed.
   Callers: follow_host_rows, sync_workflows, bring_workflow. */
-- for: nobody
create function runledger_private.save_host_workflows(p_table text, p_rows runledger_private.host_workflow[])
returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_owners text[];
  v_ours uuid[];
  v_changed integer;
  v_made integer;
begin
  v_owners := array(select u.id from runledger.users u
    where u.id in (select g.owner from unnest(p_rows) g) order by u.id for key share skip locked);
  v_ours := array(select w.id from runledger.workflows w
    where w.id in (select runledger_private.host_workflow_id(p_table, g.host_id) from unnest(p_rows) g)
    order by w.id for no key update skip locked);
  with given as materialized (
    select distinct on (g.host_id) runledger_private.host_workflow_id(p_table, g.host_id) as id, g.host_id, g.owner,
           coalesce(nullif(btrim(left(g.name, 200)), ''), left(g.host_id, 200)) as name, g.workflow_type, g.task_queue,
           g.temporal_namespace, case when g.published then 'published' when not g.published then 'private' end
             as visibility
      from unnest(p_rows) g
     where g.owner = any (v_owners) and octet_length(g.workflow_type) between 1 and 1000
       and octet_length(g.task_queue) between 1 and 1000 and octet_length(g.temporal_namespace) between 1 and 1000
       and octet_length(g.host_id) between 1 and 1000 and g.host_id <> '00000000-0000-0000-0000-000000000000'),
  made as (
    insert into runledger.workflows (id, user_id, name, temporal_namespace, workflow_type, task_queue, visibility,
        host_table, host_id)
      select g.id, g.owner, g.name, g.temporal_namespace, g.workflow_type, g.task_queue,
             coalesce(g.visibility, 'private'), p_table, g.host_id
        from given g where not exists (select from runledger.workflows w where w.id = g.id)
       order by g.id
      on conflict do nothing
      returning 1),
  changed as (
    update runledger.workflows w
       set user_id = g.owner, name = g.name, temporal_namespace = g.temporal_namespace,
           workflow_type = g.workflow_type, task_queue = g.task_queue,
           visibility = coalesce(g.visibility, w.visibility), host_table = p_table, host_id = g.host_id,
           archived_at = case when w.host_deleted_at is null then w.archived_at end, host_deleted_at = null
      from given g
     where w.id = g.id and w.id = any (v_ours) and (w.host_table = p_table or w.user_id = g.owner)
       and (w.user_id, w.name, w.temporal_namespace, w.workflow_type, w.task_queue, w.visibility, w.host_table,
            w.host_id, w.host_deleted_at)
         is distinct from (g.owner, g.name, g.temporal_namespace, g.workflow_type, g.task_queue,
            coalesce(g.visibility, w.visibility), p_table, g.host_id, null::timestamptz)
      returning 1)
  select (select count(*) from changed), (select count(*) from made) into v_changed, v_made;
  return v_changed + v_made;
end $$;
