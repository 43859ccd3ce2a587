/* What a rare text or an unusual run time finds, as a source that is read whole; null where there is too much of it.
   Callers: find_executions, rows_in_window. */
-- for: service_role
create function runledger_private.rare_executions(p_user_id text, p_workflow_id uuid, p_filter jsonb, p_order_by text)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  places tid[];
begin
  if p_filter ? 'text' then
    places := runledger_private.rare_by_text(p_filter ->> 'text');
  end if;
  if places is null and p_order_by <> 'duration' and coalesce(p_user_id, p_workflow_id::text) is not null
     and p_filter ?| array['minDurationMs', 'maxDurationMs'] then
    places := runledger_private.rare_by_duration(p_user_id, p_workflow_id, p_filter);
  end if;
  return case when places is not null then jsonb_build_object('kind', 'few', 'places', to_jsonb(places::text[])) end;
end $$;
