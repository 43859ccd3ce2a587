-- The one order in which locks are taken, so that no two transactions ever wait for each other in a circle:
--
--   1. advisory locks: the one import, the one prune, an idempotency key, then Temporal workflow ids by their hash
--   2. users by id, then workflows by id (`for key share` by whoever adds an execution; more by whoever deletes)
--   3. quotas by id, each with what is used of it
--   4. executions by id, before anything that belongs to one: its runs, reports, timeline, check, keys
--   5. the folder (fold_state), before any cell
--
-- What belongs to an execution is written under the lock of its row. save_checks and trim_changes have no such lock, and
-- therefore never wait: they skip what is locked. Rows that a statement inserts are nobody else's to wait for, except by
-- a unique key: the advisory locks of step 1 serialize those. A statement that deletes several users or workflows
-- by plain SQL takes them in an order of its own: delete them one by one.
-- supabase/tests/locking races every pair of functions that write.

-- Triggers on public.users lock it: better no migration than every sign-up waiting behind it.
set local lock_timeout = '3s';

/* Locks Temporal workflow ids (`namespace:id`) until the transaction ends: whoever makes an execution of one has to look first
   whether there is one. In the order of the locks themselves, which no collation changes.
   Callers: create_execution, correct_first_run, adopt_executions, import_workflow_runs. */
create function private.lock_workflow_ids(p_ids text[]) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_lock bigint;
begin
  for v_lock in
    select distinct hashtextextended('runledger:' || i.id, 0) from unnest(p_ids) i (id) where i.id is not null order by 1
  loop
    perform pg_advisory_xact_lock(v_lock);
  end loop;
end $$;

/* Locks the users and workflows of executions, as an insert of one does. Callers: lock_what_is_written_twice, the retention
   functions. */
create function private.lock_owners(p_ids uuid[]) returns void
language plpgsql
set search_path = ''
as $$
begin
  perform from public.users u where u.id in (
    select e.created_by from public.workflow_executions e where e.id = any (p_ids)) order by u.id for key share;
  perform from public.workflows w where w.id in (
    select e.workflow_id from public.workflow_executions e where e.id = any (p_ids)) order by w.id for key share;
end $$;

/* Locks the owners of what a batch may write more than once: Postgres checks the foreign keys of a row again when it is
   written a second time by one transaction. That is where a run is not the one that the ledger has, or not the only one.
   Callers: record_outcomes, record_open. */
create function private.lock_what_is_written_twice(p_items jsonb, p_ids uuid[]) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_ids uuid[];
begin
  select array_agg(e.id) into v_ids
    from jsonb_array_elements(p_items) with ordinality t
    join public.workflow_executions e on e.id = p_ids[t.ordinality]
   where t.value ->> 'runId' <> e.current_run_id
      or jsonb_array_length(case when jsonb_typeof(t.value -> 'runs') = 'array' then t.value -> 'runs' else '[]' end) > 1;
  if v_ids is not null then perform private.lock_owners(v_ids); end if;
end $$;

/* Before a user leaves or gets another id: locks their workflows and all executions that go with them, in the order of the
   ids. A cascade takes them as they come. Callers: the trigger below. */
create function private.lock_what_a_user_has() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform from public.workflows w where w.user_id = old.id order by w.id for update;
  -- Two scans, so that each has its index.
  perform from public.workflow_executions e
    where e.id in (select x.id from public.workflow_executions x where x.created_by = old.id
                   union
                   select x.id from public.workflow_executions x
                     join public.workflows w on w.id = x.workflow_id where w.user_id = old.id)
    order by e.id for update;
  if tg_op = 'UPDATE' then return new; end if;
  return old;
end $$;

/* Before a workflow is deleted: locks its executions in the order of their ids. Callers: the trigger below. */
create function private.lock_what_a_workflow_has() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform from public.workflow_executions e where e.workflow_id = old.id order by e.id for update;
  return old;
end $$;

create trigger runledger_lock_what_a_user_has before delete or update of id on public.users
  for each row execute function private.lock_what_a_user_has();
create trigger runledger_lock_what_a_workflow_has before delete on public.workflows
  for each row execute function private.lock_what_a_workflow_has();

revoke execute on function private.lock_workflow_ids(text[]), private.lock_what_a_user_has(), private.lock_what_a_workflow_has()
  from public, anon, authenticated;
revoke execute on function private.lock_owners(uuid[]), private.lock_what_is_written_twice(jsonb, uuid[])
  from public, anon, authenticated;
grant execute on function private.lock_what_a_user_has(), private.lock_what_a_workflow_has(), private.lock_workflow_ids(text[]), private.lock_owners(uuid[]),
  private.lock_what_is_written_twice(jsonb, uuid[]) to service_role;
