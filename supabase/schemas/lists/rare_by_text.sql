/* All executions whose error message may hold a text, where they are few; else null. Callers: rare_executions. */
-- for: service_role
create function runledger_private.rare_by_text(p_text text) returns tid[]
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set enable_indexscan = off
set jit = off
as $$
declare
  few constant integer := 1000;
  trigrams text[] := runledger_private.rarest_trigrams(p_text, 20 * few);
  places tid[];
begin
  if trigrams is null then return null; end if;
  execute format(
    'select array_agg(c.place) from (select e.ctid as place from runledger.workflow_executions e
       where e.error_message is not null and %s.show_trgm(e.error_message) @> %L::text[] limit %s) c',
    (select e.extnamespace::regnamespace from pg_catalog.pg_extension e where e.extname = 'pg_trgm'), trigrams, few + 1)
  into places;
  return case when coalesce(cardinality(places), 0) <= few then coalesce(places, '{}') end;
end $$;
