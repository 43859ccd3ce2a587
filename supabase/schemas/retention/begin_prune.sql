/* Begins a run of the retention, or finds the one of this id. Raises conflict while another one is heard of.
   Callers: prune_executions. */
-- for: service_role
create function runledger_private.begin_prune(p_run uuid, p_policy jsonb) returns runledger.execution_prunes
language plpgsql
set search_path = ''
as $$
declare
  r runledger.execution_prunes;
  other runledger.execution_prunes;
begin
  -- For the transaction: it waits for the batch that is under way. In between, whoever was heard of within a minute
  -- keeps its place.
  perform pg_advisory_xact_lock(hashtextextended('runledger:prune', 0));
  select * into other from runledger.execution_prunes x
   where x.id <> p_run and x.finished_at is null and x.beat_at > clock_timestamp() - interval '1 minute'
   order by x.started_at limit 1;
  if found then
    raise exception 'Another prune is under way, since % UTC.',
    to_char(other.started_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')
      using errcode = 'PT409', detail = 'conflict',
        hint = 'One runs at a time; try again when it has ended, or a minute after it was broken off.';
  end if;
  insert into runledger.execution_prunes (id, policy, payloads_before, timelines_before, rows_before)
    values (p_run, p_policy, clock_timestamp() - (p_policy ->> 'payloads')::interval,
      clock_timestamp() - (p_policy ->> 'timelines')::interval, clock_timestamp() - (p_policy ->> 'rows')::interval)
    on conflict (id) do nothing;
  select * into r from runledger.execution_prunes x where x.id = p_run;
  return r;
end $$;
