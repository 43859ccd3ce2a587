/* What rows of a list need that is not theirs alone: { workflows: { id: { name, redact } }, users: { id: name },
   usual: { id: … } }. Callers: Ledger.describeRows. */
-- for: service_role
create function runledger.describe_rows(p_viewer text, p_workflow_ids uuid[] default '{}',
                                        p_user_ids text[] default '{}',
                                        p_usual_ids uuid[] default '{}') returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return jsonb_build_object(
    'workflows', (select coalesce(jsonb_object_agg(w.id, jsonb_build_object('name', w.name,
                         'redact', to_jsonb(w.redact))), '{}') from runledger.workflows w
                   where w.id = any (p_workflow_ids)),
    'users', (select coalesce(jsonb_object_agg(u, runledger_private.user_name(u)), '{}') from unnest(p_user_ids) u),
    'usual', (select coalesce(jsonb_object_agg(w, runledger_private.usual_of(w, p_viewer)), '{}')
                from unnest(p_usual_ids) w));
end $$;
