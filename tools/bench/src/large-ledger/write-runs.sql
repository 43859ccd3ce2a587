-- Writers of the benchmark of writes. They run in the server, so that no client takes part in what is measured.
create unlogged table bench_latencies (ms double precision);

/* Runs after another until the given seconds have gone by: request and end of an execution, a commit each. */
create procedure bench_write(p_seconds double precision, p_hot boolean) language plpgsql as $$
declare
  v_until timestamptz := clock_timestamp() + p_seconds * interval '1 second';
  v_began timestamptz;
  v_id uuid;
  v_took double precision[] := '{}';
begin
  while clock_timestamp() < v_until loop
    v_began := clock_timestamp();
    insert into runledger.workflow_executions (workflow_id, created_by, temporal_workflow_id, temporal_run_id, input)
      values (('00000000-0000-7000-8000-' || lpad(case when p_hot then 1 else 1 + floor(random() * 200)::int end::text, 12, '0'))::uuid,
              'user_' || case when p_hot then 1 else 1 + floor(random() * 1000)::int end,
              'w-' || gen_random_uuid(), 'r-' || gen_random_uuid(), '{"order": 7}')
      returning id into v_id;
    commit;
    update runledger.workflow_executions
       set status = 'completed', outcome_authority = 'engine', closing_run_id = current_run_id, completed_at = clock_timestamp(),
           first_task_at = clock_timestamp(), output = '{"receipt": "b1946ac92492d2347c6235b4d2611184"}'
     where id = v_id;
    commit;
    v_took := v_took || extract(epoch from clock_timestamp() - v_began) * 1000;
  end loop;
  insert into bench_latencies select unnest(v_took);
  commit;
end $$;

/* What teams write by hand: a row per user and workflow that a trigger counts in. */
create table bench_counters (created_by text, workflow_id uuid, status text, n bigint not null, primary key (created_by, workflow_id, status));
create function bench_count() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    insert into runledger.bench_counters as c values (old.created_by, old.workflow_id, old.status, -1)
      on conflict (created_by, workflow_id, status) do update set n = c.n - 1;
  end if;
  insert into runledger.bench_counters as c values (new.created_by, new.workflow_id, new.status, 1)
    on conflict (created_by, workflow_id, status) do update set n = c.n + 1;
  return null;
end $$;
