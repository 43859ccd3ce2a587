-- What the monitor reads and writes beside outcomes. Everything here needs the service role.

/* An execution as the monitor sees it. */
create type private.followed_execution as (
  execution_id uuid, definition_id uuid, temporal_namespace text, temporal_workflow_id text, temporal_run_id text,
  current_run_id text, closing_run_id text, status text, authority text, started_at timestamptz,
  registered_at timestamptz, engine_started_at timestamptz, first_task_at timestamptz, run_count integer,
  lacks_input boolean, reported_at timestamptz, reported_for_ms bigint, cancel_requested_at timestamptz, cancel_requested_by text,
  cancel_reason text, start_by timestamptz, is_past_start_by boolean, last_check_at timestamptz, health text, revision bigint,
  lost_at timestamptz);

/* One row; a set, for only those go inline where they are called.
   Callers: youngest_unsettled, due_checks, unsettled_by_ids, find_runs, execution_story. */
create function private.followed(e public.workflow_executions, c public.execution_checks)
returns setof private.followed_execution rows 1
language sql stable
begin atomic
  select e.id, e.workflow_id, e.temporal_namespace, e.temporal_workflow_id, e.temporal_run_id, e.current_run_id,
         e.closing_run_id, e.status, e.outcome_authority, e.started_at,
         case when e.temporal_run_id is null then (
           select min(t.at) from public.execution_transitions t where t.execution_id = e.id) end,
         e.engine_started_at, e.first_task_at, e.run_count,
         e.input is null and e.input_note is null and e.start_by is null and e.engine_started_at is null,
         case when e.outcome_authority = 'reported' then e.recorded_at end,
         case when e.outcome_authority = 'reported'
           then (extract(epoch from clock_timestamp() - e.recorded_at) * 1000)::bigint end,
         e.cancel_requested_at, e.cancel_requested_by, e.cancel_reason, e.start_by,
         coalesce(e.start_by <= clock_timestamp(), false), c.last_check_at, c.health, e.revision, e.lost_at;
end;

/* Unsettled executions, youngest first, after the last one of a page: what there is to watch. One document, which no limit
   of rows cuts. `reported_for_ms` is the age of a report by this database's clock, as of this read. The limit of 1 makes each
   execution a look into the key: the planner does not know how few they are, and would scan the table.
   Callers: Ledger.unsettled. Returns [followed_execution]. */
create function public.youngest_unsettled(p_namespace text, p_limit integer, p_after_started_at timestamptz default 'infinity',
                                          p_after_id uuid default 'ffffffff-ffff-ffff-ffff-ffffffffffff') returns json
language sql stable
set search_path = ''
as $$
  select coalesce(json_agg(row_to_json(f) order by c.started_at desc, c.execution_id desc), '[]')
    from (select * from public.execution_checks k
           where k.temporal_namespace = p_namespace and (k.started_at, k.execution_id) < (p_after_started_at, p_after_id)
           order by k.started_at desc, k.execution_id desc limit p_limit) c
   cross join lateral (select * from public.workflow_executions x where x.id = c.execution_id limit 1) e
   cross join lateral private.followed(e, c) f;
$$;

/* Unsettled executions whose check is due, oldest check first. `statement_timestamp()`, for a clock that goes on within a
   statement is compared row by row, by no index.
   Callers: Ledger.dueChecks. Returns [followed_execution]. */
create function public.due_checks(p_namespace text, p_limit integer) returns json
language sql stable
set search_path = ''
as $$
  select coalesce(json_agg(row_to_json(f) order by c.next_check_at), '[]')
    from (select * from public.execution_checks k
           where k.temporal_namespace = p_namespace and k.next_check_at <= statement_timestamp()
           order by k.next_check_at limit p_limit) c
   cross join lateral (select * from public.workflow_executions x where x.id = c.execution_id limit 1) e
   cross join lateral private.followed(e, c) f;
$$;

/* Which of these executions are unsettled. Callers: Ledger.unsettledByIds. Returns [followed_execution]. */
create function public.unsettled_by_ids(p_namespace text, p_ids uuid[]) returns json
language sql stable
set search_path = ''
as $$
  select coalesce(json_agg(row_to_json(f)), '[]')
    from (select distinct i.id from unnest(p_ids) i (id)) i
   cross join lateral (select * from public.execution_checks k where k.execution_id = i.id limit 1) c
   cross join lateral (select * from public.workflow_executions x where x.id = i.id limit 1) e
   cross join lateral private.followed(e, c) f
   where c.temporal_namespace = p_namespace;
$$;

/* Notes checks and when the next ones are due. The one writer that has no lock of the executions themselves, so it never
   waits: what another transaction is about to change, delete or check anew is passed over, and stays due.
   Callers: Ledger.saveChecks. */
create function public.save_checks(p_checks jsonb) returns integer
language plpgsql
set search_path = ''
as $$
declare
  n integer;
begin
  with item as materialized (
    select t.value as item, (t.value ->> 'execution')::uuid as id
      from jsonb_array_elements(private.unwrap(p_checks)) t),
  free as materialized (
    select k.execution_id from item i
     cross join lateral (
       select x.execution_id from public.execution_checks x where x.execution_id = i.id limit 1 for update skip locked) k)
  update public.execution_checks c
     set last_check_at = clock_timestamp(),
         health = i.item ->> 'health',
         reason = left(i.item ->> 'reason', 1000),
         remedy = left(i.item ->> 'remedy', 1000),
         next_check_at = clock_timestamp() + make_interval(secs => (i.item ->> 'nextCheckInMs')::float8 / 1000)
    from item i join free f on f.execution_id = i.id
   where c.execution_id = i.id;
  get diagnostics n = row_count;
  return n;
end $$;

/* Pending executions that wait for the ledger to start them, and still may be started.
   Callers: Ledger.pendingStarts. */
create function public.pending_starts(p_namespace text, p_older_than_ms integer, p_limit integer)
returns table (execution_id uuid, temporal_namespace text, temporal_workflow_id text, workflow_type text,
               task_queue text, input jsonb, execution_timeout text, run_timeout text, retry_policy jsonb, user_id text)
language sql stable
set search_path = ''
as $$
  select e.id, e.temporal_namespace, e.temporal_workflow_id, w.workflow_type, w.task_queue, e.input,
         w.execution_timeout, w.run_timeout, w.retry_policy, e.created_by
    from public.workflow_executions e
    join public.workflows w on w.id = e.workflow_id
   where e.temporal_namespace = p_namespace and e.status = 'pending' and e.temporal_run_id is null
     and e.start_by > statement_timestamp() and e.cancel_requested_at is null
     and e.started_at <= statement_timestamp() - make_interval(secs => p_older_than_ms / 1000.0)
   order by e.started_at
   limit p_limit;
$$;

/* Changes after a cursor, one per execution, and the cursor to go on with. The cursor is the oldest transaction that was
   still running, so a change that commits late is never passed over. A null cursor, or one from another cluster, starts
   at the present.
   Callers: Ledger.changesSince. Returns { changes, cursor }. */
create function public.changes_since(p_cursor text, p_limit integer) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_now xid8 := pg_snapshot_xmin(pg_current_snapshot());
  v_from xid8 := p_cursor::xid8;
  v_to xid8;
  v_changes jsonb;
begin
  if v_from is null or v_from > v_now then
    return jsonb_build_object('changes', '[]'::jsonb, 'cursor', v_now::text);
  end if;
  -- A page ends with a whole transaction.
  select c.xid into v_to from public.execution_changes c
   where c.xid >= v_from and c.xid < v_now order by c.xid offset p_limit limit 1;
  select coalesce(jsonb_agg(jsonb_build_object('executionId', d.execution_id, 'userId', d.created_by,
           'workflowId', d.workflow_id, 'revision', d.revision, 'deleted', d.deleted) order by d.xid), '[]')
    into v_changes
    from (select distinct on (c.execution_id) c.* from public.execution_changes c
           where c.xid >= v_from and c.xid < v_now and (v_to is null or c.xid <= v_to)
           order by c.execution_id, c.revision desc) d;
  return jsonb_build_object('changes', v_changes,
    'cursor', case when v_to is null then v_now::text else ((v_to::text::numeric) + 1)::text end);
end $$;

/* Removes changes older than an hour and idempotency keys that have expired, at most so many of each: call it again while
   it answers that many or more. Callers: Ledger.trimChanges. */
create function public.trim_changes(p_limit integer default 20000) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_keys integer;
  v_changes integer;
begin
  -- What another transaction is deleting or using anew is left to it.
  delete from public.idempotency_keys k where k.ctid = any (array(
    select x.ctid from public.idempotency_keys x where x.expires_at < clock_timestamp()
     order by x.expires_at limit p_limit for update skip locked));
  get diagnostics v_keys = row_count;
  delete from public.execution_changes c where c.ctid = any (array(
    select x.ctid from public.execution_changes x where x.changed_at < clock_timestamp() - interval '1 hour'
     order by x.changed_at limit p_limit for update skip locked));
  get diagnostics v_changes = row_count;
  return v_keys + v_changes;
end $$;

/* Saves watermarks (merged; each only moves forward) and the proof of one namespace. Callers: Ledger.saveWatermark, publishProof. */
create function public.save_monitor_state(p_namespace text, p_watermarks jsonb default '{}', p_proof jsonb default null)
returns void
language sql volatile
set search_path = ''
as $$
  insert into public.monitor_state as m (temporal_namespace, watermarks, proof, updated_at)
    values (p_namespace, private.unwrap(p_watermarks), private.unwrap(p_proof), clock_timestamp())
    on conflict (temporal_namespace) do update
      set watermarks = m.watermarks || (
            select coalesce(jsonb_object_agg(n.key, greatest(m.watermarks ->> n.key, n.value)), '{}')
              from jsonb_each_text(excluded.watermarks) n), proof = coalesce(excluded.proof, m.proof),
          updated_at = excluded.updated_at;
$$;

/* The version of this schema; a package that needs a newer one says so. Callers: anybody. */
create function public.runledger_schema_version() returns integer
language sql immutable
set search_path = ''
as $$ select 4; $$;
