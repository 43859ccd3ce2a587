-- The one order in which locks are taken, so that no two transactions ever wait for each other in a circle:
--
--   1. advisory locks: the one import, the one prune, the source of users, an idempotency key, then Temporal workflow
--      ids by their hash
--   2. users by id, then workflows by id (`for key share` by whoever adds an execution; more by whoever deletes)
--   3. quotas by id, each with what is used of it
--   4. executions by id, before anything that belongs to one: its runs, reports, timeline, check, keys
--   5. the folder (fold_state), before any cell
--
-- What belongs to an execution is written under the lock of its row. save_checks and trim_changes have no such lock,
-- and therefore never wait: they skip what is locked. Rows that a statement inserts are nobody else's to wait for,
-- except by a unique key: the advisory locks of step 1 serialize those. A statement that deletes several users or
-- workflows by plain SQL takes them in an order of its own: delete them one by one.
-- supabase/tests/locking races every pair of functions that write.

/* Locks Temporal workflow ids (`namespace:id`) until the transaction ends: whoever makes an execution of one has to
   look first whether there is one. In the order of the locks themselves, which no collation changes.
   Callers: create_execution, correct_first_run, adopt_executions, import_workflow_runs. */
-- for: service_role
create function runledger_private.lock_workflow_ids(p_ids text[]) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_lock bigint;
begin
  for v_lock in
    select distinct hashtextextended('runledger:' || i.id, 0) from unnest(p_ids) i (id) where i.id is not null
      order by 1
  loop
    perform pg_advisory_xact_lock(v_lock);
  end loop;
end $$;
