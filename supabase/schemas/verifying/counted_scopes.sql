/* The ids of users, or of workflows, that executions or counters name, in order, after the last one of a page. Found by
   steps from id to id, so that a page costs what it shows. Callers: Ledger.findDrift. Returns [id]. */
-- for: service_role
create function runledger.counted_scopes(p_by text, p_after text, p_limit integer) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_ids text[];
begin
  if p_by = 'user' then
    with recursive named as (
      (select s.created_by as id from runledger.execution_stats s where s.created_by > coalesce(p_after, '')
        order by 1 limit 1)
      union all
      select (select s.created_by from runledger.execution_stats s where s.created_by > n.id order by 1 limit 1)
        from named n where n.id is not null)
    select array_agg(x.id order by x.id) into v_ids from (
      (select u.id from runledger.users u where u.id > coalesce(p_after, '') order by u.id limit p_limit)
      union (select n.id from named n where n.id is not null limit p_limit)
      order by id limit p_limit) x;
  else
    with recursive named as (
      (select s.workflow_id as id from runledger.execution_stats s
        where s.created_by = '' and s.grain = 'life'
          and s.workflow_id > coalesce(p_after, '00000000-0000-0000-0000-000000000000')::uuid
        order by 1 limit 1)
      union all
      select (select s.workflow_id from runledger.execution_stats s
               where s.created_by = '' and s.grain = 'life' and s.workflow_id > n.id order by 1 limit 1)
        from named n where n.id is not null)
    select array_agg(x.id::text order by x.id) into v_ids from (
      (select w.id from runledger.workflows w where p_after is null or w.id > p_after::uuid order by w.id limit p_limit)
      union (select n.id from named n where n.id is not null limit p_limit)
      order by id limit p_limit) x;
  end if;
  return to_jsonb(coalesce(v_ids, '{}'));
end $$;
