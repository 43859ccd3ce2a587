/* Deletes a view of a user's own. Callers: ViewLedger.deleteView. Returns whether there was one. */
-- for: service_role
create function runledger.delete_view(p_user_id text, p_id uuid) returns boolean
language plpgsql
set search_path = ''
as $$
begin
  delete from runledger.saved_views v where v.id = p_id and v.user_id = p_user_id;
  return found;
end $$;
