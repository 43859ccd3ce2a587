/* From now on a definition is kept beside each row of the host's table or view, and renames, changes of owner and
   deletions follow. p_options says what is where; each is a column, a column with a default, or a constant:
     select runledger.follow_workflows('public.workflows', '{"id": "id", "name": "title", "owner": "owner_id",
       "type": {"constant": "runGraph"}, "queue": {"column": "task_queue", "default": "graphs"}}');
   `namespace` may be given too ("default" without), and `published` (who may start it: otherwise decided here). Called
   again it replaces what was said before. Returns what the first sync_workflows says: call that until it is done.
   Callers: the host's owner, in a migration or the SQL editor. */
-- for: nobody
create function runledger.follow_workflows(p_table text, p_options jsonb) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  o constant jsonb := '{"id": "id", "name": "name", "namespace": {"constant": "default"}}'
    || runledger_private.unwrap(p_options);
  v_table constant regclass := to_regclass(p_table);
  v_wrong text;
  t record;
begin
  select string_agg(k, ', ') into v_wrong from jsonb_object_keys(o) k
   where k not in ('id', 'name', 'owner', 'type', 'queue', 'namespace', 'published');
  if v_table is null or v_wrong is not null or not o ?& array['owner', 'type', 'queue']
     or o #>> '{id,constant}' is not null then
    raise exception '%', case when v_table is null then format('There is no table %s.', left(p_table, 200))
        when v_wrong is not null then format('follow_workflows knows no option %s.', v_wrong)
        else 'follow_workflows needs the options owner, type and queue, and a column for the id.' end
      using errcode = 'PT400', detail = 'invalid_input',
            hint = 'Name the table with its schema, and say for each of id, name, owner, type, queue, namespace and '
              || 'published where it is.';
  end if;
  perform runledger.unfollow_workflows();
  select c.relkind, format('%I.%I', n.nspname, c.relname) as name, a.attname
    into t from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     and a.attname = coalesce(o #>> '{id,column}', o ->> 'id')
   where c.oid = v_table;
  insert into runledger.followed_workflows (host_table, key_column, reads, follows)
    select t.name, coalesce(t.attname, ''),
           string_agg(case when o ? v.option
               then runledger_private.host_value(v_table, v.option, o -> v.option)
               else 'null' end || '::' || v.type || ' as ' || v.name, ', ' order by v.at),
           array_agg(v.column_name order by v.at) filter (where v.column_name is not null and o ? v.option)
      from (values (1, 'id', 'text', 'host_id', null), (2, 'owner', 'text', 'owner', null),
                   (3, 'name', 'text', 'name', 'name'), (4, 'type', 'text', 'workflow_type', 'workflow_type'),
                   (5, 'queue', 'text', 'task_queue', 'task_queue'),
                   (6, 'namespace', 'text', 'temporal_namespace', null),
                   (7, 'published', 'boolean', 'published', 'visibility')) v (at, option, type, name, column_name);
  if t.relkind in ('r', 'p') then
    -- Better not to follow than to keep the host's statements waiting for this one.
    perform set_config('lock_timeout', '3s', true);
    execute format('create or replace trigger runledger_follow_insert after insert on %s
      referencing new table as new_rows
      for each statement execute function runledger_private.follow_host_rows()', t.name);
    execute format('create or replace trigger runledger_follow_update after update on %s
      referencing old table as old_rows new table as new_rows
      for each statement execute function runledger_private.follow_host_rows()', t.name);
    execute format('create or replace trigger runledger_follow_delete after delete on %s
      referencing old table as old_rows
      for each statement execute function runledger_private.follow_host_rows()', t.name);
  end if;
  return runledger.sync_workflows();
end $$;
