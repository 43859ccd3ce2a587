-- How many executions there are since the beginning, and in windows that cells can say exactly.

/* Executions by status since the beginning, per workflow: of a user, or of everybody for the workflows that p_owner_id
   owns.
   Callers: the router. */
-- for: service_role, authenticated
create function runledger.get_workflow_counters(p_user_id text default null, p_owner_id text default null)
returns table (workflow_id uuid, total bigint, counts jsonb, as_of timestamptz)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_user text := case when p_owner_id is null then runledger_private.stats_user(p_user_id) else '' end;
  v_owned uuid[] := case when p_owner_id is not null
    then array(select w.id from runledger.workflows w where w.user_id = p_owner_id) end;
begin
  return query
  with status_count as (
    select workflow_id, status, sum(n) as n from (
      select s.workflow_id, u.place as status, u.n
        from runledger.execution_stats s, unnest(s.counts) with ordinality u (n, place)
       where s.created_by = v_user and s.grain = 'life' and s.workflow_id > '00000000-0000-0000-0000-000000000000'
         and (v_owned is null or s.workflow_id = any (v_owned))
      union all
      select t.workflow_id, runledger_private.status_number(t.status), t.n
        from runledger_private.tail_in(v_user, null, '-infinity', 'infinity') t
       where v_owned is null or t.workflow_id = any (v_owned)) x
     group by 1, 2 having sum(n) <> 0)
  select c.workflow_id, sum(c.n)::bigint, jsonb_object_agg(runledger_private.status_at(c.status), c.n),
         statement_timestamp()
    from status_count c group by 1 having sum(c.n) > 0 order by 1;
end $$;
