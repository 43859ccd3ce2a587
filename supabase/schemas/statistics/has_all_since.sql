/* Whether no execution that started or ended at a time or later was pruned: then its rows are all there are. What was
   pruned had ended before the time that its prune was of. Callers: filtered_stats, get_filtered_series. */
-- for: service_role
create function runledger_private.has_all_since(p_from timestamptz) returns boolean
language sql stable
set search_path = ''
as $$
  select not exists (select from runledger.execution_prunes p
    where p.rows > 0 and p.rows_before > coalesce(p_from, '-infinity'));
$$;
