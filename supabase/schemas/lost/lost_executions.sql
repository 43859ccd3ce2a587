/* Unsettled executions of a namespace that were asked for more than p_older_than_ms ago, youngest first: lost ones and
   those that were not started in time, or with p_all every one. After the last one of a page.
   Callers: Ledger.lost. Returns one document, a list of at most 1,000. */
-- for: service_role
create function runledger.lost_executions(p_namespace text, p_limit integer, p_older_than_ms bigint default 0,
  p_all boolean default false,
                                       p_after_started_at timestamptz default null, p_after_id uuid default null)
returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(to_jsonb(f) order by f.started_at desc, f.execution_id desc), '[]')
    from (
      select (runledger_private.followed(e, c)).*
        from runledger.execution_checks c
        join runledger.workflow_executions e on e.id = c.execution_id
       where c.temporal_namespace = p_namespace
         and c.started_at <= clock_timestamp() - make_interval(secs => p_older_than_ms / 1000.0)
         and (p_all or c.health = 'lost'
              or (e.status = 'pending' and e.temporal_run_id is null and e.start_by <= clock_timestamp()))
         and (p_after_id is null or (c.started_at, c.execution_id) < (coalesce(
               (select x.started_at from runledger.execution_checks x where x.execution_id = p_after_id),
               p_after_started_at), p_after_id))
       order by c.started_at desc, c.execution_id desc
       limit least(p_limit, 1000)) f;
$$;
