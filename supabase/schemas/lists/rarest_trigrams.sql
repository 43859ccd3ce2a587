-- Searching and counting: looks at a source until a page is full, nothing is left, or its share of buffers is read.

/* The four rarest trigrams that every message with this text has; null where even the rarest is in more messages than
   p_most or where there are none. By what `analyze` last saw. Callers: rare_by_text. */
-- for: service_role
create function runledger_private.rarest_trigrams(p_text text, p_most integer) returns text[]
language sql stable security definer
set search_path = ''
as $$
  with trigrams as (
    -- Plain letters and digits only: others are hashed, and those at the edge of a word have blanks.
    select distinct substr(w.word, i, 3) as trigram
      from (select m[1] as word from regexp_matches(lower(p_text), '[a-z0-9]{3,}', 'g') m) w,
           generate_series(1, length(w.word) - 2) i),
  seen as (
    select f.trigram, f.share
      from pg_catalog.pg_stats s, unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) f (trigram, share)
     where s.schemaname = 'runledger' and s.tablename = 'idx_workflow_executions_error_text'),
  ranked as (
    select t.trigram, coalesce(s.share, 0) as share, row_number() over (order by coalesce(s.share, 0), t.trigram) as n
      from trigrams t left join seen s on s.trigram = t.trigram)
  select array_agg(r.trigram) filter (where r.n <= 4) from ranked r
  having min(r.share) * (select greatest(c.reltuples, 0) from pg_catalog.pg_class c
                          where c.oid = to_regclass('runledger.idx_workflow_executions_error_text')) <= p_most;
$$;
