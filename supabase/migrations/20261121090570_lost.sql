-- The way out of what Temporal does not know: a person says how it ended, and it is settled. Service role only.

/* Ends one execution that Temporal does not know, or settles what a report ended before. It is one when its last check found
   it lost, when it was not started in time, or when the caller has asked Temporal just now and the row has not changed since
   (`unknownAtRevision`). What the ledger may still start is not: that is cancelled. One guarded statement.
   Callers: end_lost_executions. */
create function private.end_lost(p_id uuid, p jsonb) returns text
language plpgsql
set search_path = ''
as $$
declare
  e public.workflow_executions;
begin
  update public.workflow_executions x
     set status = case when x.status in ('pending', 'running') then p ->> 'status' else x.status end,
         outcome_authority = 'reported',
         lost_at = clock_timestamp(),
         error_message = case when x.status not in ('pending', 'running') then x.error_message
                              when p ->> 'status' <> 'completed' then left(p ->> 'reason', 4000) end,
         last_transition = jsonb_build_object('source', coalesce(p ->> 'source', 'user'), 'actor', p ->> 'actor',
           'reason', left(p ->> 'reason', 4000), 'at', clock_timestamp())
   where x.id = p_id and x.engine = 'temporal' and x.outcome_authority is distinct from 'engine' and x.lost_at is null
     and not (x.status = 'pending' and coalesce(x.start_by > clock_timestamp(), false))
     and (x.revision = (p ->> 'unknownAtRevision')::bigint
          or (x.status = 'pending' and x.temporal_run_id is null and x.start_by <= clock_timestamp())
          or exists (select from public.execution_checks c where c.execution_id = x.id and c.health = 'lost'));
  if found then return 'applied'; end if;
  select * into e from public.workflow_executions x where x.id = p_id;
  return case when not found then 'not_found'
              when e.outcome_authority = 'engine' or e.lost_at is not null
                or (e.engine = 'none' and e.outcome_authority is not null) then 'already_terminal'
              else 'conflict' end;
end $$;

/* Ends executions that Temporal does not know: { execution, status, reason, actor, source, unknownAtRevision } each. Answers come in
   the order of the items. Callers: Ledger.endLost. */
create function public.end_lost_executions(p_items jsonb)
returns table (ordinal integer, execution_id uuid, result text, status text, authority text, revision bigint,
               cancel_requested_at timestamptz, cancel_requested_by text, cancel_reason text)
language plpgsql
set search_path = ''
as $$
declare
  i record;
begin
  for i in
    select t.ordinality::int as n, t.value as item, (t.value ->> 'execution')::uuid as id
      from jsonb_array_elements(private.unwrap(p_items)) with ordinality t order by 3, 1
  loop
    ordinal := i.n;
    execution_id := i.id;
    if i.item ->> 'status' not in ('completed', 'failed', 'cancelled', 'timed_out', 'terminated')
       or coalesce(i.item ->> 'reason', '') = '' then
      raise exception 'Ending an execution that Temporal does not know needs a terminal status and a reason, not "%".', i.item ->> 'status'
        using errcode = 'PT400', detail = 'invalid_input', hint = 'Say how it ended, and how you know.';
    end if;
    result := private.end_lost(i.id, i.item);
    select x.status, x.outcome_authority, x.revision, x.cancel_requested_at, x.cancel_requested_by, x.cancel_reason
      into status, authority, revision, cancel_requested_at, cancel_requested_by, cancel_reason
      from public.workflow_executions x where x.id = i.id;
    return next;
  end loop;
end $$;

/* Unsettled executions of a namespace that were asked for more than p_older_than_ms ago, youngest first: lost ones and those
   that were not started in time, or with p_all every one. After the last one of a page.
   Callers: Ledger.lost. Returns one document, a list of at most 1,000. */
create function public.lost_executions(p_namespace text, p_limit integer, p_older_than_ms bigint default 0, p_all boolean default false,
                                       p_after_started_at timestamptz default null, p_after_id uuid default null)
returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(to_jsonb(f) order by f.started_at desc, f.execution_id desc), '[]')
    from (
      select (private.followed(e, c)).*
        from public.execution_checks c
        join public.workflow_executions e on e.id = c.execution_id
       where c.temporal_namespace = p_namespace
         and c.started_at <= clock_timestamp() - make_interval(secs => p_older_than_ms / 1000.0)
         and (p_all or c.health = 'lost'
              or (e.status = 'pending' and e.temporal_run_id is null and e.start_by <= clock_timestamp()))
         and (p_after_id is null or (c.started_at, c.execution_id) < (coalesce(
               (select x.started_at from public.execution_checks x where x.execution_id = p_after_id), p_after_started_at), p_after_id))
       order by c.started_at desc, c.execution_id desc
       limit least(p_limit, 1000)) f;
$$;
