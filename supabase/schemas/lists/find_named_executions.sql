/* Finds and shows what row ids and Temporal workflow ids name, by statements whose plans are kept; null where the ids
   name more than 200 executions, which the search goes through by position. Callers: search_executions. */
-- for: service_role
create function runledger_private.find_named_executions(p_user_id text, p_workflow_id uuid, p_ids text[],
  p_ascending boolean,
                                              p_after jsonb, p_most integer, out hits jsonb, out shown json[])
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  few constant integer := 200;
  after_at constant timestamptz := p_after ->> 'value';
  after_id constant uuid := p_after ->> 'id';
  named uuid[] := array(
    select e.id from unnest(p_ids) i (name)
     cross join lateral (select e.id from runledger.workflow_executions e where e.temporal_workflow_id = i.name) e
     limit few + 1);
begin
  if cardinality(named) > few then return; end if;
  named := named || array(
    select i.name::uuid from unnest(p_ids) i (name) where i.name ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$');
  select coalesce(jsonb_agg(jsonb_build_object('value', p.started_at, 'id', p.id)), '[]'), array_agg(to_json(p))
    into hits, shown
    from (select s.* from runledger_private.execution_summaries s
           where s.id = any (named) and (p_user_id is null or s.created_by = p_user_id)
             and (p_workflow_id is null or s.workflow_id = p_workflow_id)
             and (p_after is null or case when p_ascending then (s.started_at, s.id) > (after_at, after_id)
                                          else (s.started_at, s.id) < (after_at, after_id) end)
           order by case when p_ascending then s.started_at end, case when p_ascending then s.id end, s.started_at desc,
             s.id desc
           limit p_most) p;
end $$;
