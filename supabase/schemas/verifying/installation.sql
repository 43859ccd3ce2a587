/* What an operator asks of this database before anything runs: versions, the time that a statement may take (ms, 0:
   any), whether the triggers on the source of users are there and enabled, and the task queues of workflows, the most
   used first, at most 100. Callers: Ledger.installation. */
-- for: service_role
create function runledger.installation() returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'schema_version', runledger.runledger_schema_version(),
    'postgres', current_setting('server_version'),
    'statement_timeout_ms', (select p.setting::bigint from pg_catalog.pg_settings p
                              where p.name = 'statement_timeout'),
    'user_source', (
      select jsonb_build_object('source', s.source, 'key_columns', s.key_columns,
        'auth_user_column', s.auth_user_column, 'left_column', s.left_column,
        'silent_triggers', case when s.has_triggers then (
          select coalesce(jsonb_agg(t.name order by t.name), '[]')
            from unnest(array['runledger_users_came', 'runledger_users_left', 'runledger_user_changed',
                              'runledger_claims_changed']) t (name)
           where (t.name <> 'runledger_claims_changed' or to_regclass(s.source) = to_regclass('auth.users'))
             and not exists (select from pg_catalog.pg_trigger g
                              where g.tgrelid = to_regclass(s.source) and g.tgname = t.name and g.tgenabled <> 'D')
             and (t.name = 'runledger_users_came'
                  or runledger_private.tells_who_leaves(to_regclass(s.source), s.key_columns)))
          else '[]' end)
        from runledger.user_source s),
    'task_queues', (
      select coalesce(jsonb_agg(jsonb_build_object('namespace', q.temporal_namespace, 'task_queue', q.task_queue,
               'workflows', q.n) order by q.n desc, q.task_queue), '[]')
        from (select w.temporal_namespace, w.task_queue, count(*) as n from runledger.workflows w
               where w.archived_at is null and w.host_deleted_at is null
               group by 1, 2 order by 3 desc, 2 limit 100) q));
$$;
