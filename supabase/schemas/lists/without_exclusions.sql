/* A filter with the statuses that are left in place of the excluded ones, for indexes to serve; excluded tags are
   notTags. Where no status is left, one that no execution has. Callers: check_execution_search. */
-- for: service_role
create function runledger_private.without_exclusions(p_filter jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  excluded text[] := runledger_private.text_array(p_filter #> '{not,status}');
  tags jsonb := nullif(coalesce(p_filter #> '{not,tags}', '[]'), '[]');
  statuses text[] := case when p_filter ? 'status' then runledger_private.text_array(p_filter -> 'status')
                     else runledger_private.statuses() end;
begin
  return p_filter - 'not'
    || case when cardinality(excluded) > 0 then jsonb_build_object('status', coalesce(
         (select jsonb_agg(s.status) from unnest(statuses) s (status) where s.status <> all (excluded)), '["none"]'))
       else '{}' end
    || case when tags is not null then jsonb_build_object('notTags', tags) else '{}' end;
end $$;
