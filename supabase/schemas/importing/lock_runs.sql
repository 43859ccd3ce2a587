/* Locks the Temporal workflow ids of the next rows: the application may be registering one at this moment.
   Callers: import_workflow_runs. */
-- for: service_role
create function runledger_private.lock_runs(p_plan jsonb, p_after text, p_limit integer) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_ids text[];
begin
  if p_plan -> 'columns' ->> 'temporal_workflow_id' is null then return; end if;
  execute format('select array_agg(n.ns || '':'' || n.id) from (
      select %1$s as ns, t.%2$I::text as id from %3$s t %4$s order by t.%5$I limit $2) n where n.id <> ''''',
      case when p_plan -> 'columns' ->> 'temporal_namespace' is null then 'cast($3 as text)'
           else format('coalesce(nullif(t.%I::text, ''''), $3)', p_plan -> 'columns' ->> 'temporal_namespace') end,
      p_plan -> 'columns' ->> 'temporal_workflow_id', p_plan ->> 'source',
      case when p_after is not null then format('where t.%I > $1::%s', p_plan ->> 'key', p_plan ->> 'keyType') end,
      p_plan ->> 'key')
    into v_ids using p_after, p_limit, coalesce(p_plan -> 'options' ->> 'namespace', 'default');
  perform runledger_private.lock_workflow_ids(v_ids);
end $$;
