/* Writes executions that changed into the table, each by itself: what cannot be written is noted again with its
   problem, for a minute later. What is gone here is deleted there. What the application changed in a row goes first.
   Callers: return_changes. Returns { rows, written, deleted, refused }. */
-- for: service_role
create function runledger_private.return_some(p_plan jsonb, p_spellings jsonb, p_ids uuid[]) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_source constant text := p_plan ->> 'source';
  e runledger.workflow_executions;
  v_id uuid;
  v_key text;
  v_state text;
  v_written integer := 0;
  v_deleted integer := 0;
  v_refused integer := 0;
begin
  foreach v_id in array p_ids loop
    begin
      select r.source_id into v_key from runledger.execution_import_rows r
       where r.source = v_source and r.execution_id = v_id order by r.result = 'taken' desc limit 1;
      v_state := case when v_key is not null then runledger_private.hold_row(p_plan, v_key) end;
      if v_state = 'locked' then
        insert into runledger.forwarded_rows (source, execution_id, due_at)
          values (v_source, v_id, clock_timestamp() + interval '1 second');
        continue;
      end if;
      if exists (select from runledger.forwarded_rows n where n.source = v_source and n.source_id = v_key) then
        -- What is newer here stays so.
        insert into runledger.forwarded_rows (source, execution_id) values (v_source, v_id);
        perform runledger_private.forward_part(p_plan, array[v_key]);
        delete from runledger.forwarded_rows n where n.source = v_source and n.execution_id = v_id;
      end if;
      select * into e from runledger.workflow_executions x where x.id = v_id;
      if found then
        v_key := runledger_private.write_row(p_plan, v_key, v_id,
          runledger_private.row_of_execution(e, p_plan, p_spellings));
        insert into runledger.execution_import_rows (source, source_id, status, result, execution_id)
          values (v_source, v_key, p_spellings ->> e.status, 'known', v_id) on conflict (source, source_id) do nothing;
        v_written := v_written + 1;
      elsif v_key is not null then
        execute format('delete from %s t where t.%I = $1::%s', v_source, p_plan ->> 'key', p_plan ->> 'keyType')
          using v_key;
        delete from runledger.execution_import_rows r where r.source = v_source and r.source_id = v_key;
        v_deleted := v_deleted + 1;
      end if;
    exception when others then
      if left(sqlstate, 2) not in ('21', '22', '23', '42', '54', 'P0', 'PT') then raise; end if;
      insert into runledger.forwarded_rows (source, execution_id, problem, due_at)
        values (v_source, v_id, left(sqlerrm, 500), clock_timestamp() + interval '1 minute');
      v_refused := v_refused + 1;
    end;
  end loop;
  return jsonb_build_object('rows', cardinality(p_ids), 'written', v_written, 'deleted', v_deleted,
    'refused', v_refused);
end $$;
