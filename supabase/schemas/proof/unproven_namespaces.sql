/* Namespaces with unsettled executions that no monitor has published a proof of lately: nobody follows them. Late is
   twice the period that the proof gives, and a minute at least. One probe for each namespace there is.
   Callers: Ledger.unprovenNamespaces. Returns [{ namespace, provedAt }]. */
-- for: service_role
create function runledger.unproven_namespaces() returns jsonb
language sql stable
set search_path = ''
as $$
  with recursive n as (
    (select c.temporal_namespace as name from runledger.execution_checks c order by 1 limit 1)
    union all
    select (select c.temporal_namespace from runledger.execution_checks c where c.temporal_namespace > n.name
      order by 1 limit 1)
      from n where n.name is not null)
  select coalesce(jsonb_agg(jsonb_build_object('namespace', n.name, 'provedAt', m.proof ->> 'at') order by n.name),
    '[]')
    from n
    left join runledger.monitor_state m on m.temporal_namespace = n.name
   where n.name is not null
     -- Without any proof yet: a minute after the first execution came, so that a first start is not blamed.
     and (m.proof is not null or (
       select c.next_check_at from runledger.execution_checks c where c.temporal_namespace = n.name
        order by c.next_check_at limit 1) < clock_timestamp() - interval '1 minute')
     and coalesce((m.proof ->> 'at')::timestamptz, '-infinity') < clock_timestamp()
           - greatest(interval '1 minute', 2 * make_interval(secs => coalesce((m.proof ->> 'periodMs')::float8,
             0) / 1000));
$$;
