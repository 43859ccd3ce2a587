/* Who or what started an execution. Callers: execution_document. */
-- for: service_role
create function runledger_private.origin_of(p_execution_id uuid, p_start_by timestamptz, p_temporal_workflow_id text)
returns text
language plpgsql stable
set search_path = ''
as $$
declare
  v_origin text;
begin
  execute format('select %s from (select $1 as id, $2 as start_by, $3 as temporal_workflow_id) e',
    runledger_private.origin_sql())
  into v_origin using p_execution_id, p_start_by, p_temporal_workflow_id;
  return v_origin;
end $$;
