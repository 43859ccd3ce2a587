/* How many executions there are, from the counters; null where they cannot say it exactly: a window off the hour, or
   off the day where hour cells are no longer kept. Callers: count_executions. */
-- for: service_role, authenticated
create function runledger_private.count_from_cells(p_user_id text, p_workflow_id uuid, p_from timestamptz,
  p_to timestamptz, p_statuses text[])
returns bigint
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_user text := runledger_private.stats_user(p_user_id);
  v_workflow uuid := runledger_private.stats_workflow(p_workflow_id, v_user);
  w record;
  v_n bigint;
begin
  if p_from > p_to then return 0; end if;
  select * into w from runledger_private.stats_window(p_from, p_to);
  if w.starts_at <> coalesce(p_from, '-infinity') or w.ends_at <> coalesce(p_to, 'infinity') then return null; end if;
  with cell as (
    select s.* from runledger_private.cells_in(v_user, v_workflow, w.starts_at, w.days_from, w.days_to, w.ends_at) s
      where p_from is not null or p_to is not null
    union all
    select s.* from runledger.execution_stats s
     where p_from is null and p_to is null and s.created_by = v_user and s.grain = 'life'
       and (s.workflow_id = v_workflow or (v_workflow is null
         and s.workflow_id > '00000000-0000-0000-0000-000000000000')))
  select coalesce(sum(x.n), 0) into v_n from (
    select u.n from cell c, unnest(c.counts) with ordinality u (n, place)
     where p_statuses is null or cardinality(p_statuses) = 0
        or runledger_private.status_at(u.place) = any (p_statuses)
    union all
    select t.n from runledger_private.tail_in(v_user, v_workflow, w.starts_at, w.ends_at) t
     where p_statuses is null or cardinality(p_statuses) = 0 or t.status = any (p_statuses)) x;
  return v_n;
end $$;
