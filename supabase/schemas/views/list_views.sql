/* The views that a user keeps, by name. Callers: ViewLedger.listViews. Returns a list of view_document. */
-- for: service_role
create function runledger.list_views(p_user_id text) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(runledger_private.view_document(v, p_user_id) order by v.name, v.id), '[]')
    from runledger.saved_views v where v.user_id = runledger_private.unless_left(p_user_id)
$$;
