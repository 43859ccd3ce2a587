/* A view as the API tells it: whose it is, only to its owner. Callers: list_views, get_view, save_view. */
-- for: service_role
create function runledger_private.view_document(v runledger.saved_views, p_user_id text) returns jsonb
language sql stable
return to_jsonb(v) - 'user_id' || jsonb_build_object('is_own', (v).user_id = p_user_id);
