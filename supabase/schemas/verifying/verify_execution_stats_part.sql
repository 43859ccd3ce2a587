/* One part of a check: of these users, of these workflows, or of both, in a window of whole UTC days if given, or of
   lives alone.
   Callers: Ledger.findDrift. Returns the rows of verify_execution_stats. */
-- for: service_role
create function runledger.verify_execution_stats_part(p_users text[] default null, p_workflows uuid[] default null,
  p_from timestamptz default null, p_to timestamptz default null, p_lives boolean default false) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(to_jsonb(d)), '[]')
    from runledger_private.stats_differences(p_users, p_workflows, p_from, p_to, p_lives) d;
$$;
