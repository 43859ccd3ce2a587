/* Takes the next rows, or only says what would become of them, and keeps what became of each.
   Callers: import_workflow_runs. Returns { rows, taken, known, refused, seen, after, groups, open }. */
-- for: service_role
create function runledger_private.import_rows(p_plan jsonb, p_after text, p_limit integer, p_preview bigint)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_keys constant text[] := runledger_private.next_keys(p_plan, p_after, p_limit);
  v_items runledger_private.import_item[] := '{}';
begin
  if v_keys <> '{}' then v_items := runledger_private.import_part(p_plan, v_keys, p_preview); end if;
  if p_preview is null then perform runledger_private.keep_import_rows(p_plan ->> 'source', v_items); end if;
  return (
    select jsonb_build_object('rows', count(*), 'taken', count(*) filter (where i.result = 'taken'),
        'known', count(*) filter (where i.result = 'known'), 'refused', count(*) filter (where i.result = 'refused'),
        'seen', cardinality(v_keys), 'after', coalesce(v_keys[cardinality(v_keys)], p_after),
        'groups', runledger_private.group_import_rows(v_items), 'open', runledger_private.open_imports(v_items))
      from unnest(v_items) i);
end $$;
