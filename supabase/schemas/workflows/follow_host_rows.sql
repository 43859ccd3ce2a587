/* Follows one statement of the host's. Whatever goes wrong is left to sync_workflows, as are statements of more than
   1,000 rows: the host's own statement neither fails nor waits. Callers: the triggers that follow_workflows makes. */
-- for: nobody
create function runledger_private.follow_host_rows() returns trigger
language plpgsql security definer
set search_path = ''
set lock_timeout = '50ms'
as $$
declare
  f runledger.followed_workflows;
  v_list constant text := case tg_op when 'DELETE' then 'old_rows' else 'new_rows' end;
  v_count integer;
  v_rows runledger_private.host_workflow[];
  v_gone text[];
begin
  select * into f from runledger.followed_workflows;
  execute format('select count(*) from (select from %I limit 1001) t', v_list) into v_count;
  if (to_regclass(f.host_table) = tg_relid) is not true or v_count = 0 or v_count > 1000 then return null; end if;
  if tg_op = 'INSERT' then
    execute format('select array_agg(row(x.*)::runledger_private.host_workflow) from (select %s from new_rows r) x',
      f.reads) into v_rows;
  elsif tg_op = 'UPDATE' then
    execute format('select array_agg(row(x.*)::runledger_private.host_workflow)
      from (select %1$s from new_rows r except select %1$s from old_rows r) x', f.reads) into v_rows;
    execute format('select array_agg(x.id) from (select r.%1$I::text as id from old_rows r
      except select r.%1$I::text from new_rows r) x', f.key_column) into v_gone;
  else
    execute format('select array_agg(r.%I::text) from old_rows r', f.key_column) into v_gone;
  end if;
  if v_gone is not null then perform runledger_private.archive_gone_workflows(f.host_table, v_gone); end if;
  if v_rows is not null then perform runledger_private.save_host_workflows(f.host_table, v_rows); end if;
  return null;
exception when others then
  return null;
end $$;
