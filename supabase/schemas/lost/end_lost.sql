-- The way out of what Temporal does not know: a person says how it ended, and it is settled. Service role only.

/* Ends one execution that Temporal does not know, or settles what a report ended before. It is one when its last check
   found it lost, when it was not started in time, or when the caller has asked Temporal just now and the row has not
   changed since (`unknownAtRevision`). What the ledger may still start is not: that is cancelled. One guarded
   statement.
   Callers: end_lost_executions. */
-- for: service_role
create function runledger_private.end_lost(p_id uuid, p jsonb) returns text
language plpgsql
set search_path = ''
as $$
declare
  e runledger.workflow_executions;
begin
  update runledger.workflow_executions x
     set status = case when runledger_private.is_open(x.status) then p ->> 'status' else x.status end,
         outcome_authority = 'reported',
         lost_at = clock_timestamp(),
         error_message = case when not runledger_private.is_open(x.status) then x.error_message
                              when p ->> 'status' <> 'completed' then left(p ->> 'reason', 4000) end,
         last_transition = jsonb_build_object('source', coalesce(p ->> 'source', 'user'), 'actor', p ->> 'actor',
           'reason', left(p ->> 'reason', 4000), 'at', clock_timestamp())
   where x.id = p_id and x.engine = 'temporal' and x.outcome_authority is distinct from 'engine' and x.lost_at is null
     and not (x.status = 'pending' and coalesce(x.start_by > clock_timestamp(), false))
     and (x.revision = (p ->> 'unknownAtRevision')::bigint
          or (x.status = 'pending' and x.temporal_run_id is null and x.start_by <= clock_timestamp())
          or exists (select from runledger.execution_checks c where c.execution_id = x.id and c.health = 'lost'));
  if found then return 'applied'; end if;
  select * into e from runledger.workflow_executions x where x.id = p_id;
  return case when not found then 'not_found'
              when e.outcome_authority = 'engine' or e.lost_at is not null
                or (e.engine = 'none' and e.outcome_authority is not null) then 'already_terminal'
              else 'conflict' end;
end $$;
