/* Compares the next definitions with the host's table: those whose rows are gone are archived. Callers:
   sync_workflows. */
-- for: nobody
create function runledger_private.sync_our_rows(f runledger.followed_workflows, p_limit integer,
                                                out examined integer, out archived integer, out last text)
language plpgsql
set search_path = ''
as $$
declare
  k constant record := runledger_private.key_order(f.host_table::regclass, f.key_column, 'r');
  v_ids text[];
begin
  select array_agg(x.host_id), count(*), (array_agg(x.id order by x.id desc))[1]::text into v_ids, examined, last
    from (select w.id, w.host_id from runledger.workflows w
           where w.host_table = f.host_table and w.host_deleted_at is null
             and (f.sync_after is null or w.id > f.sync_after::uuid)
           order by w.id limit p_limit) x;
  begin
    execute format('select array_agg(o.id) from unnest($1) o (id)
      where not exists (select from %s r where %s = o.id::%s)', f.host_table, k.ordered, k.cast_to)
      using v_ids into v_ids;
  -- The host's ids have another type now, and an old one is none of these.
  exception when data_exception then
    execute format('select array_agg(o.id) from unnest($1) o (id)
      where not exists (select from %s r where r.%I::text = o.id)', f.host_table, f.key_column)
      using v_ids into v_ids;
  end;
  archived := case when v_ids is null then 0
    else runledger_private.archive_gone_workflows(f.host_table, v_ids) end;
end $$;
