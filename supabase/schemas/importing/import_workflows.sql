-- Takes rows of a hand-written table in, many at once.

/* Makes sure that the workflows of rows are there; one that is missing is made under its owner of old, else under the
   user of its first row, with the name or title that it has in public.workflows.
   Callers: import_some. */
-- for: service_role
create function runledger_private.import_workflows(p_items runledger_private.import_item[]) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_missing constant uuid[] := array(
    select distinct (i.e).workflow_id from unnest(p_items) i
     where not exists (select from runledger.workflows w where w.id = (i.e).workflow_id));
  v_old jsonb;
begin
  if v_missing = '{}' then return; end if;
  if exists (select from pg_catalog.pg_attribute a
              where a.attrelid = to_regclass('public.workflows') and a.attname = 'id' and not a.attisdropped) then
    execute 'select json_object_agg(w.id::text, to_jsonb(w))::jsonb from public.workflows w where w.id::text = any ($1)'
      into v_old using v_missing::text[];
  end if;
  insert into runledger.workflows (id, user_id, name, description, temporal_namespace, workflow_type, task_queue)
    select m.id,
           coalesce((select u.id from runledger.users u where u.left_at is null
                      and u.id = coalesce(m.old ->> 'user_id', m.old ->> 'created_by', m.old ->> 'owner_id')), m.owner),
           left(coalesce(nullif(trim(m.old ->> 'name'), ''), nullif(trim(m.old ->> 'title'), ''),
             nullif(trim(m.old ->> 'label'), ''), nullif(trim(m.old ->> 'kebab_name'), ''), m.name, 'Imported'), 200),
           left(m.old ->> 'description', 2000), 'default',
           left(coalesce(nullif(trim(m.old ->> 'workflow_type'), ''), nullif(trim(m.old ->> 'name'), ''),
             nullif(trim(m.old ->> 'title'), ''), m.name, 'imported'), 200),
           left(coalesce(nullif(trim(m.old ->> 'task_queue'), ''), 'imported'), 200)
      from (select distinct on ((i.e).workflow_id) (i.e).workflow_id as id, (i.e).created_by as owner, i.name,
                   v_old -> (i.e).workflow_id::text as old
              from unnest(p_items) i where (i.e).workflow_id = any (v_missing) order by (i.e).workflow_id, i.at) m
     order by m.id
    on conflict (id) do nothing;
end $$;
