/* Whether a window has one of the same length before it: it is not open, and that one is not before the year 1, beyond
   which Postgres soon knows no time. Callers: get_execution_stats, get_filtered_stats. */
-- for: service_role, authenticated
create function runledger_private.has_window_before(p_from timestamptz, p_to timestamptz) returns boolean
language sql immutable parallel safe
return coalesce(isfinite(p_from) and isfinite(p_to) and p_to - p_from <= p_from - '0001-01-01 00:00:00+00'::timestamptz,
  false);
