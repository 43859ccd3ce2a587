-- Takes rows of a hand-written table in, one by one.

/* Makes sure that a run's workflow is there; one that is missing is made under its owner of old, else under the run's
   user.
   Callers: import_run. */
-- for: service_role
create function runledger_private.import_workflow(p_id uuid, p_user text, p_name text) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_old jsonb;
begin
  if exists (select from runledger.workflows w where w.id = p_id) then return; end if;
  if exists (select from pg_catalog.pg_attribute a
              where a.attrelid = to_regclass('public.workflows') and a.attname = 'id' and not a.attisdropped) then
    execute 'select to_jsonb(w) from public.workflows w where w.id::text = $1 limit 1' into v_old using p_id::text;
  end if;
  insert into runledger.workflows (id, user_id, name, description, temporal_namespace, workflow_type, task_queue)
    values (p_id,
      coalesce((select u.id from runledger.users u where u.id = coalesce(v_old ->> 'user_id', v_old ->> 'created_by')),
        p_user),
      left(coalesce(nullif(v_old ->> 'name', ''), p_name, 'Imported'), 200), left(v_old ->> 'description', 2000),
      'default',
      left(coalesce(nullif(v_old ->> 'workflow_type', ''), nullif(v_old ->> 'name', ''), p_name, 'imported'), 200),
      left(coalesce(nullif(v_old ->> 'task_queue', ''), 'imported'), 200))
    on conflict (id) do nothing;
end $$;
