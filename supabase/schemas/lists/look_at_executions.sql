/* One look at a source from a position on, at up to p_most rows of each branch: what satisfies the filter, at most
   p_wanted, as positions and as rows to show, and where the look ended (null where nothing is left). What one branch
   has beyond the end of another waits. Callers: find_executions. */
-- for: service_role
create function runledger_private.look_at_executions(p_source jsonb, p_list jsonb, p_after jsonb, p_most integer,
  p_wanted integer,
                                           out hits jsonb, out shown json[], out looked integer, out ended jsonb)
language plpgsql stable
set search_path = ''
-- An ordered index scan is the plan, whatever the statistics say: it alone stops at its limit.
set enable_seqscan = off
set enable_bitmapscan = off
set enable_sort = off
set enable_incremental_sort = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
declare
  direction text := p_list ->> 'direction';
begin
  execute format(
    'with looked as materialized (
       select s.*, row_number() over (partition by s.branch order by s.v %1$s, s.id %1$s) as n from (%2$s) s),
     ended as (select l.v, l.id from looked l where l.n = %3$s order by l.v %1$s, l.id %1$s limit 1),
     found as (
       select distinct on (l.v, l.id) l.* from looked l
        where l.ok and not exists (select from ended h where (l.v, l.id) %4$s (h.v, h.id))
        order by l.v %1$s, l.id %1$s limit %5$s)
     select (select coalesce(jsonb_agg(jsonb_build_object(''value'', f.v, ''id'', f.id)
       order by f.v %1$s, f.id %1$s), ''[]'')
               from found f),
            (select array_agg(json_build_object(%6$s) order by f.v %1$s, f.id %1$s) from found f),
            (select count(*) from looked),
            (select jsonb_build_object(''value'', h.v, ''id'', h.id) from ended h)',
    direction, runledger_private.source_sql(p_source, p_list, p_after, p_most), p_most,
    case direction when 'asc' then '>' else '<' end, p_wanted,
    (select string_agg(case c when 'metadata' then '''metadata'', runledger_private.listed_metadata(f.metadata),
               ''large_metadata'', runledger_private.large_metadata(f.metadata)'
             else format('%L, f.%I', c, c) end, ', ') from jsonb_array_elements_text(p_list -> 'columns') c))
  into hits, shown, looked, ended;
end $$;
