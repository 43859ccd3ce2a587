/* The rows of a part that are taken as running in Temporal: how many, and up to 200 of them by which it can be asked.
   Callers: import_rows. */
-- for: service_role
create function runledger_private.open_imports(p_items runledger_private.import_item[]) returns jsonb
language sql immutable
set search_path = ''
as $$
  select jsonb_build_object('rows', count(*), 'some', coalesce(jsonb_agg(o.target) filter (where o.n <= 200), '[]'))
    from (select row_number() over (order by i.at) as n,
                 jsonb_build_object('namespace', (i.e).temporal_namespace,
                   'temporalWorkflowId', (i.e).temporal_workflow_id, 'firstRunId', (i.e).temporal_run_id,
                   'startedAt', (i.e).started_at) as target
            from unnest(p_items) i
           where i.result = 'taken' and (i.e).engine = 'temporal' and runledger_private.is_open((i.e).status)) o;
$$;
