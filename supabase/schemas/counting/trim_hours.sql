/* Moves on, once a day, from where hour cells are kept (35 days), and deletes some of the older ones.
   Callers: fold_execution_stats. */
-- for: service_role
create function runledger_private.trim_hours(p_limit integer) returns void
language plpgsql
set search_path = ''
-- Also where statistics of the cells are old, or not there yet.
set enable_seqscan = off
as $$
declare
  v_from timestamptz;
begin
  update runledger.fold_state s set hours_from = date_trunc('day', now() - interval '35 days', 'UTC')
   where s.hours_from < date_trunc('day', now() - interval '35 days', 'UTC');
  select s.hours_from into v_from from runledger.fold_state s;
  delete from runledger.execution_stats s where s.ctid = any (array(
    select x.ctid from runledger.execution_stats x where x.grain = 'hour' and x.starts_at < v_from
      order by x.starts_at limit p_limit));
  delete from runledger.execution_label_stats s where s.ctid = any (array(
    select x.ctid from runledger.execution_label_stats x where x.grain = 'hour' and x.starts_at < v_from
      order by x.starts_at limit p_limit));
end $$;
