-- The names that hand-written ledgers use, in public, over the ledger's rows and guards. On request: copy this file into
-- supabase/migrations. A name that the application has already is never replaced.
--
-- A function takes ids as uuid or as text, by position. Those of other parameter names are for SQL: PostgREST tells
-- functions of one name apart by the names of their parameters only, and finds the first of each.

set local lock_timeout = '3s';

do $$
declare
  taken text;
begin
  select string_agg(format('public.%I', n.name), ', ' order by n.name) into taken
    from unnest(array['workflow_executions', 'workflow_runs', 'workflow_run_counts', 'complete_workflow_run',
                      'complete_workflow_run_and_get_count', 'get_user_workflow_run_count', 'fix_stuck_runs']) n (name)
   where exists (select from pg_catalog.pg_class c
                  where c.relnamespace = 'public'::regnamespace and c.relname = n.name)
      or exists (select from pg_catalog.pg_proc p
                  where p.pronamespace = 'public'::regnamespace and p.proname = n.name);
  if taken is not null then
    raise exception 'This database has % already: the compatibility names would replace them.', taken
      using errcode = 'duplicate_object',
            hint = 'Leave this migration out; the ledger itself needs none of these names.';
  end if;
end $$;

create view public.workflow_executions with (security_invoker = on) as
  select e.id, e.workflow_id, e.created_by, e.temporal_namespace, e.temporal_workflow_id, e.temporal_run_id, e.status,
         e.started_at, e.completed_at, e.duration_ms, e.error_message, e.failure, e.input, e.output, e.metadata, e.tags,
         e.verdict, e.state_snapshot, e.activities_executed
    from runledger.workflow_executions e;

create view public.workflow_runs with (security_invoker = on) as
  select e.id, e.created_by as user_id, e.workflow_id, e.status, e.started_at, e.completed_at, e.duration_ms,
         e.failure as error_details, e.state_snapshot
    from runledger.workflow_executions e;

create view public.workflow_run_counts with (security_invoker = on) as
  select c.user_id, c.workflow_id, c.completed_count, c.failed_count, c.total_count, c.last_run_at
    from runledger.workflow_run_counts c;

/* Reports the end of a run; duration in milliseconds. The run is known by its id or its Temporal workflow id. One that had
   ended stays as it is. Callers: the application's own code, with the service role.
   Returns applied, already_terminal or conflict. */
create function public.complete_workflow_run(run_text text, status text, duration integer default null,
                                             error_details jsonb default null, state_snapshot jsonb default null)
returns text
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_details jsonb := runledger_private.unwrap_object(complete_workflow_run.error_details);
  v_result text;
begin
  if complete_workflow_run.status is null
     or not runledger_private.is_end(complete_workflow_run.status) then
    raise exception 'A run ends as completed, failed, cancelled, timed_out or terminated, not as %.',
        coalesce(complete_workflow_run.status, 'null')
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass one of these.';
  end if;
  select r.result into v_result
    from runledger.record_outcomes(jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
      'execution', run_text, 'status', complete_workflow_run.status, 'authority', 'reported',
      'source', 'report', 'durationMs', complete_workflow_run.duration, 'failure', v_details,
      'stateSnapshot', runledger_private.unwrap_object(complete_workflow_run.state_snapshot),
      'reason', coalesce(v_details ->> 'message', v_details ->> 'error'))))) r;
  if v_result = 'not_found' then
    raise exception 'There is no workflow run %.', run_text
      using errcode = 'PT404', detail = 'not_found', hint = 'Insert it into workflow_runs first.';
  end if;
  return v_result;
end $$;

create function public.complete_workflow_run(run_id uuid, status text, duration integer default null,
                                             error_details jsonb default null, state_snapshot jsonb default null)
returns text
language sql
set search_path = ''
as $$ select public.complete_workflow_run($1::text, $2, $3, $4, $5); $$;

/* The same, and the new count of the user's completed and failed runs of this workflow. */
create function public.complete_workflow_run_and_get_count(run_text text, status text, duration integer default null,
                                                           error_details jsonb default null,
                                                           state_snapshot jsonb default null)
returns integer
language plpgsql
set search_path = ''
as $$
begin
  perform public.complete_workflow_run($1, $2, $3, $4, $5);
  return (select runledger.get_user_workflow_run_count(e.created_by, e.workflow_id)
            from runledger.workflow_executions e where e.id = runledger_private.find_execution($1));
end $$;

create function public.complete_workflow_run_and_get_count(run_id uuid, status text, duration integer default null,
                                                           error_details jsonb default null,
                                                           state_snapshot jsonb default null)
returns integer
language sql
set search_path = ''
as $$ select public.complete_workflow_run_and_get_count($1::text, $2, $3, $4, $5); $$;

/* Runs of a user, of one workflow if given, that completed or failed, pruned ones included.
   Callers: the application's own code; row-level security decides what a user's own token counts. */
create function public.get_user_workflow_run_count(p_user_id text, p_workflow_id uuid default null) returns integer
language sql stable
set search_path = ''
as $$ select runledger.get_user_workflow_run_count($1, $2); $$;

-- An id that is not a uuid is that of a workflow that was imported under it.
create function public.get_user_workflow_run_count(p_user_text text, p_workflow_text text) returns integer
language sql stable
set search_path = ''
as $$
  select runledger.get_user_workflow_run_count($1,
    case when $2 ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then $2::uuid
         else runledger_private.named_uuid('workflow:' || $2) end);
$$;

create function public.get_user_workflow_run_count(p_user_uuid uuid) returns integer
language sql stable
set search_path = ''
as $$ select runledger.get_user_workflow_run_count($1::text); $$;

create function public.get_user_workflow_run_count(p_user_uuid uuid, p_workflow_uuid uuid) returns integer
language sql stable
set search_path = ''
as $$ select runledger.get_user_workflow_run_count($1::text, $2); $$;

create function public.get_user_workflow_run_count(p_user_uuid uuid, p_workflow_text text) returns integer
language sql stable
set search_path = ''
as $$ select public.get_user_workflow_run_count($1::text, $2); $$;

/* Ends direct executions that have been open for longer than older_than as failed. Returns how many. */
create function public.fix_stuck_runs(older_than interval default '1 hour') returns integer
language sql
set search_path = ''
as $$ select runledger.fix_stuck_runs($1); $$;

-- Who may do what, and the mark by which supabase/uninstall.sql knows them.
do $$
declare
  f regprocedure;
  v regclass;
begin
  foreach v in array array['public.workflow_executions', 'public.workflow_runs', 'public.workflow_run_counts']::regclass[]
  loop
    execute format('revoke all on %s from public, anon, authenticated', v);
    execute format('grant select on %s to authenticated', v);
    execute format('grant all on %s to service_role', v);
    execute format('comment on view %s is %L', v, 'Runledger: compatibility');
  end loop;
  for f in
    select p.oid from pg_catalog.pg_proc p
     where p.pronamespace = 'public'::regnamespace
       and p.proname in ('complete_workflow_run', 'complete_workflow_run_and_get_count', 'get_user_workflow_run_count',
                         'fix_stuck_runs')
  loop
    execute format('revoke execute on function %s from public, anon, authenticated', f);
    execute format('grant execute on function %s to service_role', f);
    execute format('comment on function %s is %L', f, 'Runledger: compatibility');
  end loop;
  for f in
    select p.oid from pg_catalog.pg_proc p
     where p.pronamespace = 'public'::regnamespace and p.proname = 'get_user_workflow_run_count'
  loop
    execute format('grant execute on function %s to authenticated', f);
  end loop;
end $$;
