/* Notes what a part of a dry run would have taken, for its later parts; ids only where they are not those of the rows.
   Callers: import_some. */
-- for: service_role
create function runledger_private.note_preview(p_items runledger_private.import_item[], p_preview bigint,
  p_with_ids boolean) returns void
language sql
set search_path = ''
as $$
  insert into runledger.execution_import_previews (pass, claim, execution_id, owners)
    select p_preview, c.claim, (i.e).id, (i.e).created_by || ' ' || (i.e).workflow_id
      from unnest(p_items) i
     cross join lateral (values
       (case when p_with_ids then runledger_private.import_claim('id', (i.e).id::text) end),
       (case when (i.e).temporal_run_id is not null then runledger_private.import_claim('run',
          (i.e).temporal_namespace, (i.e).temporal_workflow_id, (i.e).temporal_run_id) end),
       (case when (i.e).temporal_workflow_id is not null and (i.e).temporal_run_id is null
          then runledger_private.import_claim('waits', (i.e).temporal_namespace, (i.e).temporal_workflow_id) end),
       (case when (i.e).temporal_workflow_id is not null and runledger_private.is_open((i.e).status)
          then runledger_private.import_claim('open', (i.e).temporal_namespace, (i.e).temporal_workflow_id) end))
       c (claim)
     where c.claim is not null
    on conflict (pass, claim) do nothing;
$$;
