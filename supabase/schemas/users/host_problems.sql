/* Why the host's own tables cannot be followed, one sentence each, as the last syncs found. Callers:
   Ledger.hostProblems. */
-- for: service_role
create function runledger.host_problems() returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(p.problem), '[]')
    from (select s.problem from runledger.user_source s union all
          select f.problem from runledger.followed_workflows f) p where p.problem is not null;
$$;
