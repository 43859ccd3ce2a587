/* What a text may name among a user's executions, or everybody's: an id, a Temporal workflow id, a run, among
   everybody's a user (the latest of theirs), or words of an error; the exact ones first, at most 20.
   Callers: ExecutionReader.search. Returns [{ matched, row }], rows as execution_rows has them. */
-- for: service_role
create function runledger.search_everything(p_user_id text, p_text text,
  p_everybody boolean default false) returns jsonb
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  most constant integer := 20;
  v_ids uuid[] := '{}';
  v_matched text[] := '{}';
  v_more uuid[];
begin
  if runledger_private.unless_left(p_user_id) is null then return '[]'; end if;
  if p_text ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then
    v_ids := array(select x.id from runledger_private.in_scope(p_text::uuid, p_user_id, null, p_everybody) x);
    v_matched := array_fill('id'::text, array[cardinality(v_ids)]);
  end if;
  -- A workflow id may be anybody's, again and again.
  v_more := array(select x.id from (
      select e.id, e.created_by, e.started_at from runledger.workflow_executions e
       where e.temporal_workflow_id = p_text order by e.started_at desc, e.id desc limit 1000) x
     where (p_everybody or x.created_by = p_user_id) and not x.id = any (v_ids)
     order by x.started_at desc, x.id desc limit most);
  v_ids := v_ids || v_more;
  v_matched := v_matched || array_fill('temporal_workflow_id'::text, array[cardinality(v_more)]);
  v_more := array(select distinct r.execution_id from runledger.execution_runs r
     where r.run_id = p_text and (p_everybody or r.created_by = p_user_id)
       and not r.execution_id = any (v_ids) limit most);
  v_ids := v_ids || v_more;
  v_matched := v_matched || array_fill('run_id'::text, array[cardinality(v_more)]);
  if p_everybody then
    v_more := array(select e.id from runledger.workflow_executions e
       where e.created_by = p_text and not e.id = any (v_ids) order by e.started_at desc, e.id desc limit most);
    v_ids := v_ids || v_more;
    v_matched := v_matched || array_fill('user'::text, array[cardinality(v_more)]);
  end if;
  -- The expensive one, which bounds itself, only where nothing has that name.
  if cardinality(v_ids) = 0 and length(p_text) between 3 and 200 then
    v_ids := array(select (r ->> 'id')::uuid
      from json_array_elements(runledger.search_executions(case when not p_everybody then p_user_id end, null,
        jsonb_build_object('text', p_text),
        'started_at', false, most, null, p_everybody) -> 'rows') r);
    v_matched := array_fill('text'::text, array[cardinality(v_ids)]);
  end if;
  return (select coalesce(to_jsonb(array_agg(jsonb_build_object('matched', v_matched[i.n], 'row', to_jsonb(r))
                   order by i.n)), '[]')
            from unnest(v_ids) with ordinality i (id, n)
            join runledger.execution_rows r on r.id = i.id
           where i.n <= most and (p_everybody or r.created_by = p_user_id));
end $$;
