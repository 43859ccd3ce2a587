/* Reads one row of the host's table now: the application may use an id that the triggers missed. Callers:
   workflow_id_of. */
-- for: service_role
create function runledger_private.bring_workflow(p_host_id text) returns void
language plpgsql security definer
set search_path = ''
as $$
declare
  f runledger.followed_workflows;
  k record;
  v_rows runledger_private.host_workflow[];
begin
  select * into f from runledger.followed_workflows;
  if not found then return; end if;
  select * into k from runledger_private.key_order(f.host_table::regclass, f.key_column, 'r');
  execute format('select array_agg(row(x.*)::runledger_private.host_workflow)
    from (select %s from %s r where %s = $1::%s) x', f.reads, f.host_table, k.ordered, k.cast_to)
    using p_host_id into v_rows;
  if v_rows is not null then perform runledger_private.save_host_workflows(f.host_table, v_rows); end if;
-- No key of that table, or the table is no longer as it was: then there is no such row.
exception when others then
  return;
end $$;
