/* Takes the next rows. When it is careful, each row is on its own, and what the database refuses is the row's reason.
   Callers: import_workflow_runs. Returns { rows, taken, known, refused, after, groups }. */
-- for: service_role
create function runledger_private.import_rows(p_plan jsonb, p_after text, p_limit integer, p_dry_run boolean,
  p_is_careful boolean)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  i record;
  v record;
  v_run jsonb;
  v_seen jsonb[] := '{}';
  v_after text := p_after;
begin
  for i in select * from runledger_private.next_rows(p_plan, p_after, p_limit, not p_is_careful) loop
    v_after := i.key;
    v_run := i.run;
    if p_is_careful then
      begin
        execute format('select to_jsonb(t) from %s t where t.%I = $1::%s', p_plan ->> 'source', p_plan ->> 'key',
          p_plan ->> 'keyType')
          into v_run using i.key;
        select * into v from runledger_private.import_run(v_run, i.key, p_plan, p_dry_run);
      exception when others then
        -- The row's own fault, not that of the database or of the moment.
        if left(sqlstate, 2) not in ('21', '22', '23', '54', 'P0', 'PT') then raise; end if;
        select 'refused' as result, 'the database refuses it' as reason, left(sqlerrm, 500) as detail,
               null::uuid as execution_id into v;
      end;
    else
      select * into v from runledger_private.import_run(v_run, i.key, p_plan, p_dry_run);
    end if;
    v_seen := v_seen || jsonb_build_object('key', i.key, 'status',
      left(v_run ->> (p_plan -> 'columns' ->> 'status'), 200),
      'result', v.result, 'reason', v.reason, 'detail', v.detail, 'execution', v.execution_id);
  end loop;
  if not p_dry_run then
    insert into runledger.execution_import_rows as r (source, source_id, status, result, reason, detail, execution_id)
      select p_plan ->> 'source', s ->> 'key', s ->> 'status', s ->> 'result', s ->> 'reason', s ->> 'detail',
             (s ->> 'execution')::uuid
        from unnest(v_seen) s
      on conflict (source, source_id) do update
        set status = excluded.status, result = excluded.result, reason = excluded.reason, detail = excluded.detail,
            execution_id = excluded.execution_id
        where r.result <> 'taken';
  end if;
  return (
    select jsonb_build_object('rows', count(*), 'taken', count(*) filter (where s ->> 'result' = 'taken'),
        'known', count(*) filter (where s ->> 'result' = 'known'), 'refused',
        count(*) filter (where s ->> 'result' = 'refused'),
        'after', v_after, 'groups', runledger_private.group_import_rows(v_seen))
      from unnest(v_seen) s);
end $$;
