/* Compares the next rows of the host's table with the definitions. Callers: sync_workflows. */
-- for: nobody
create function runledger_private.sync_host_rows(f runledger.followed_workflows, p_limit integer,
                                                 out examined integer, out changed integer, out last text)
language plpgsql
set search_path = ''
as $$
declare
  k constant record := runledger_private.key_order(f.host_table::regclass, f.key_column, 'r');
  v_rows runledger_private.host_workflow[];
begin
  execute format('select array_agg(row(x.*)::runledger_private.host_workflow), count(*)
    from (select %1$s from %2$s r where r.%3$I is not null and ($1 is null or %4$s > $1::%5$s)
           order by %4$s limit $2) x',
    f.reads, f.host_table, f.key_column, k.ordered, k.cast_to) using f.sync_after, p_limit into v_rows, examined;
  changed := 0;
  if examined = 0 then return; end if;
  last := v_rows[examined].host_id;
  changed := runledger_private.save_host_workflows(f.host_table, v_rows);
end $$;
