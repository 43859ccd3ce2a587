/* What becomes of rows that can be executions, before the ledger's users: known already, or refused because another has
   their id or run; null where they may be taken. `p_preview` is the dry run whose earlier parts count as well.
   Callers: import_some. */
-- for: service_role
create function runledger_private.judge_rows(p_source text, p_items runledger_private.import_item[], p_preview bigint)
returns runledger_private.import_item[]
language sql stable
set search_path = ''
as $$
  select coalesce(array_agg(row(i.at, i.key, i.status,
           case when j.reason is not null then 'refused' when j.known is not null then 'known' else i.result end,
           case when j.known is null then coalesce(i.reason, j.reason) end,
           case when j.known is null then coalesce(i.detail, j.detail) end,
           coalesce(j.known, i.execution_id), i.name, i.e)::runledger_private.import_item order by i.at), '{}')
    from unnest(p_items) i
    left join lateral (
      -- One row at a time, by its key: joined, a planner without statistics compares every row with all before it.
      select t.execution_id from runledger.execution_import_rows t
       where t.source = p_source and t.source_id = i.key and t.result = 'taken' limit 1) r on true
    left join lateral (
      select k.id, k.created_by || ' ' || k.workflow_id as owners from runledger.workflow_executions k
       where k.id = (i.e).id
      union all
      select v.execution_id, v.owners from runledger.execution_import_previews v
       where v.pass = p_preview and v.claim = runledger_private.import_claim('id', (i.e).id::text)
      limit 1) x on i.result is null
    left join lateral (
      select coalesce(
        (select k.id from runledger.workflow_executions k
          where k.temporal_namespace = (i.e).temporal_namespace and k.temporal_workflow_id = (i.e).temporal_workflow_id
            and k.temporal_run_id = (i.e).temporal_run_id),
        (select k.id from runledger.workflow_executions k
          where k.temporal_namespace = (i.e).temporal_namespace and k.temporal_workflow_id = (i.e).temporal_workflow_id
            and k.temporal_run_id is null),
        (select k.id from runledger.workflow_executions k
          where (i.e).temporal_run_id is null and k.temporal_namespace = (i.e).temporal_namespace
            and k.temporal_workflow_id = (i.e).temporal_workflow_id and runledger_private.is_open(k.status) limit 1),
        (select v.execution_id from runledger.execution_import_previews v
          where v.pass = p_preview and v.claim in (
            runledger_private.import_claim('run', (i.e).temporal_namespace, (i.e).temporal_workflow_id,
              (i.e).temporal_run_id),
            runledger_private.import_claim('waits', (i.e).temporal_namespace, (i.e).temporal_workflow_id),
            case when (i.e).temporal_run_id is null
              then runledger_private.import_claim('open', (i.e).temporal_namespace, (i.e).temporal_workflow_id) end)
          limit 1)) as id) k on i.result is null and x.id is null and (i.e).temporal_workflow_id is not null
   cross join lateral (
     select coalesce(r.execution_id, case when x.owners = (i.e).created_by || ' ' || (i.e).workflow_id
              then x.id end) as known,
            case when r.execution_id is not null then null
                 when x.owners <> (i.e).created_by || ' ' || (i.e).workflow_id
                   then 'its id is that of an execution of another user or workflow'
                 when k.id is not null then 'its Temporal run is recorded already, as another execution' end as reason,
            coalesce(x.id, k.id)::text as detail) j;
$$;
