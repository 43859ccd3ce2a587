-- The busiest workflows and the most frequent failures.

/* The workflows with most executions started in a window; with p_with_previous also what these had in the window of the
   same length before (previous_total is null where there is none). Callers: the router. */
-- for: service_role, authenticated
create function runledger.get_top_workflows(p_user_id text default null, p_from timestamptz default null,
  p_to timestamptz default null, p_limit integer default 10, p_with_previous boolean default false)
returns table (workflow_id uuid, total bigint, counts jsonb, success_rate double precision,
  avg_duration_ms double precision, p95_duration_ms double precision, previous_total bigint,
  previous_success_rate double precision, previous_p95_duration_ms double precision, as_of timestamptz)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_user text := runledger_private.stats_user(p_user_id);
  v_limit integer := least(greatest(p_limit, 1), 200);
  v_from timestamptz;
  v_to timestamptz;
  w record;
begin
  select * into w from runledger_private.stats_window(p_from, p_to);
  if p_with_previous and runledger_private.has_window_before(w.starts_at, w.ends_at) then
    v_from := w.starts_at - (w.ends_at - w.starts_at);
    v_to := w.starts_at;
  end if;
  return query
  with top as materialized (
    select * from runledger_private.workflows_in(v_user,
      w.starts_at, w.days_from, w.days_to, w.ends_at, null, v_limit)),
  before as materialized (
    select o.* from runledger_private.stats_window(v_from, v_to) b, lateral runledger_private.workflows_in(v_user,
      b.starts_at, b.days_from, b.days_to, b.ends_at, (select array_agg(workflow_id) from top), v_limit) o
     where v_to is not null)
  select t.*, case when v_to is not null then coalesce(o.total, 0) end, o.success_rate, o.p95_duration_ms,
         statement_timestamp()
    from top t left join before o using (workflow_id)
   order by t.total desc, t.workflow_id;
end $$;
