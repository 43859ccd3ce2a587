/* A view of the user's own, or one that somebody who has not left shares; null otherwise. Callers: ViewLedger.getView.
   Returns view_document. */
-- for: service_role
create function runledger.get_view(p_user_id text, p_id uuid) returns jsonb
language sql stable
set search_path = ''
as $$
  select runledger_private.view_document(v, p_user_id)
    from runledger.saved_views v
   where v.id = p_id and runledger_private.unless_left(p_user_id) is not null
     and (v.user_id = p_user_id or (v.is_shared and runledger_private.unless_left(v.user_id) is not null))
$$;
