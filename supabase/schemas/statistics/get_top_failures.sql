/* The kinds of failures with most executions started in a window: type, failing activity and shape of the message; when
   the first and the last of those still kept were started, and the last one's id. Callers: the router. */
-- for: service_role, authenticated
create function runledger.get_top_failures(p_workflow_id uuid default null, p_user_id text default null,
  p_from timestamptz default null,
                                        p_to timestamptz default null, p_limit integer default 10)
returns table (failure_group text, failure_type text, activity_type text, message text, executions bigint,
               first_started_at timestamptz, last_started_at timestamptz, last_execution_id uuid, as_of timestamptz)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_user text := runledger_private.stats_user(p_user_id);
  v_workflow uuid := runledger_private.stats_workflow(p_workflow_id, v_user);
  w record;
begin
  select * into w from runledger_private.stats_window(p_from, p_to);
  return query
  select l.label, nullif(split_part(l.description, E'\n', 1), '-'), nullif(split_part(l.description, E'\n', 2), '-'),
         split_part(l.description, E'\n', 3), l.n, a.at, z.at, z.id, statement_timestamp()
    from (select * from runledger_private.labels_in('failure', v_user, v_workflow, w.starts_at, w.days_from, w.days_to,
      w.ends_at)
           order by n desc, label limit least(greatest(p_limit, 1), 100)) l
    left join lateral runledger_private.failure_edge(l.label, v_user, p_workflow_id, w.starts_at, w.ends_at, true) a
      on true
    left join lateral runledger_private.failure_edge(l.label, v_user, p_workflow_id, w.starts_at, w.ends_at, false) z
      on true
   order by l.n desc, l.label;
end $$;
