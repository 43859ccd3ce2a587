/* Unsettled executions, youngest first, after the last one of a page: what there is to watch. One document, which no
   limit of rows cuts. `reported_for_ms` is the age of a report by this database's clock, as of this read. The limit of
   1 makes each execution a look into the key: the planner does not know how few they are, and would scan the table.
   Callers: Ledger.unsettled. Returns [followed_execution]. */
-- for: service_role
create function runledger.youngest_unsettled(p_namespace text, p_limit integer,
  p_after_started_at timestamptz default 'infinity',
                                          p_after_id uuid default 'ffffffff-ffff-ffff-ffff-ffffffffffff') returns json
language sql stable
set search_path = ''
as $$
  select coalesce(json_agg(row_to_json(f) order by c.started_at desc, c.execution_id desc), '[]')
    from (select * from runledger.execution_checks k
           where k.temporal_namespace = p_namespace and (k.started_at, k.execution_id) < (p_after_started_at,
             p_after_id)
           order by k.started_at desc, k.execution_id desc limit p_limit) c
   cross join lateral (select * from runledger.workflow_executions x where x.id = c.execution_id limit 1) e
   cross join lateral runledger_private.followed(e, c) f;
$$;
