/* Takes rows, all or none of them, and says of each what became of it; a dry run only says it.
   Callers: import_part. */
-- for: service_role
create function runledger_private.import_some(p_plan jsonb, p_keys text[], p_preview bigint)
returns runledger_private.import_item[]
language plpgsql
set search_path = ''
as $$
declare
  o constant jsonb := p_plan -> 'options';
  v_confirms_since constant timestamptz := coalesce((o ->> 'confirm_since')::timestamptz, 'infinity');
  v_items runledger_private.import_item[] := runledger_private.read_rows(p_plan, p_keys);
  v_taken runledger_private.import_item[];
begin
  if p_preview is null then
    -- The application may be registering one of them at this moment.
    perform runledger_private.lock_workflow_ids(array(
      select (i.e).temporal_namespace || ':' || (i.e).temporal_workflow_id from unnest(v_items) i));
  end if;
  v_items := runledger_private.judge_rows(p_plan ->> 'source', v_items, p_preview);
  v_items := runledger_private.import_users(v_items, o, p_preview is not null);
  v_items := runledger_private.settle_rivals(v_items);
  select coalesce(array_agg(i order by i.at), '{}') into v_taken from unnest(v_items) i where i.result is null;
  if p_preview is null then
    perform runledger_private.insert_imported(v_taken, v_confirms_since);
  else
    perform runledger_private.note_preview(v_taken, p_preview,
      coalesce(p_plan -> 'columns' ->> 'id' <> p_plan ->> 'key', false));
  end if;
  return (
    select array_agg(case when i.result is not null then i else row(i.at, i.key, i.status, 'taken',
             case when not runledger_private.is_open((i.e).status) then null
                  when (i.e).engine = 'none' then 'it is still open, and no engine knows how it ends'
                  else 'it is still open; the monitor asks Temporal' end,
             null, i.execution_id, i.name, i.e)::runledger_private.import_item end order by i.at)
      from unnest(v_items) i);
end $$;
