-- Bringing a hand-written table in: what would happen, and doing it.

/* What an import would read: the columns, the statuses with their numbers, how many rows. Reads the whole table once, so it
   carries a time-out of its own, which PostgREST applies to the transaction (db-hoisted-tx-settings): hosted gateways wait 60 s.
   Callers: ImportService.describe. Returns { source, key, rows, columns: [{ column, type, takenAs }], statuses:
   [{ status, becomes, rows }] }. */
create function public.describe_import(p_source text default null, p_options jsonb default '{}') returns jsonb
language plpgsql stable
set search_path = ''
set statement_timeout = '55s'
as $$
declare
  v_table constant regclass := private.import_source(p_source);
  v_key constant text := (private.import_key(v_table)).name;
  v_columns constant jsonb := private.import_columns(v_table, private.unwrap(p_options));
  v_statuses jsonb;
  v_rows bigint;
begin
  perform private.check_import_options(private.unwrap(p_options));
  execute format('select coalesce(sum(s.n), 0), coalesce(jsonb_agg(jsonb_build_object(''status'', s.status, ''becomes'',
      private.read_status(s.status, $1), ''rows'', s.n) order by s.n desc, s.status), ''[]'')
    from (select left(%s, 200) as status, count(*) as n from %s t group by 1) s',
    case when v_columns ? 'status' then format('t.%I::text', v_columns ->> 'status') else 'null::text' end, v_table)
    into v_rows, v_statuses using private.unwrap(p_options) -> 'statuses';
  return jsonb_build_object('source', v_table, 'key', v_key, 'rows', v_rows, 'statuses', v_statuses, 'columns', (
    select jsonb_agg(jsonb_build_object('column', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'takenAs',
             (select string_agg(c.key, ', ' order by c.key) from jsonb_each_text(v_columns) c where c.value = a.attname)) order by a.attnum)
      from pg_catalog.pg_attribute a where a.attrelid = v_table and a.attnum > 0 and not a.attisdropped));
end $$;

/* Takes the next rows of a table into the ledger, and keeps how far it has got: the next call goes on from there, also
   after an interruption. Without `p_pass` it goes on with the pass that is under way or begins another one; a pass that has
   ended stays so. A dry run keeps nothing: it goes on after `p_after`. The first call of a pass counts the table, the last one
   groups what became of it: hence the time-out of its own, as above.
   Callers: ImportService.importRuns. Returns { source, pass, done, total, after, rows, taken, known, refused, groups }. */
create function public.import_workflow_runs(p_source text default null, p_options jsonb default '{}', p_pass bigint default null,
                                            p_limit integer default 500, p_dry_run boolean default false, p_after text default null)
returns jsonb
language plpgsql
set search_path = '' set timezone = 'UTC' set statement_timeout = '55s'
as $$
declare
  v_table constant regclass := private.import_source(p_source);
  v_options constant jsonb := coalesce(private.unwrap(p_options), '{}');
  v_limit constant integer := least(greatest(coalesce(p_limit, 500), 1), 5000);
  v_plan jsonb;
  v_batch jsonb;
  s public.execution_imports;
begin
  perform private.check_import_options(v_options);
  select jsonb_build_object('source', v_table, 'key', k.name, 'keyType', k.type, 'options', v_options,
                            'columns', private.import_columns(v_table, v_options))
    into v_plan from private.import_key(v_table) k;
  if not p_dry_run then
    -- Two at once take turns.
    perform pg_advisory_xact_lock(hashtextextended('runledger:import', 0));
    insert into public.execution_imports (source, finished_at) values (v_table::text, clock_timestamp()) on conflict do nothing;
    select * into s from public.execution_imports i where i.source = v_table::text for update;
    if s.finished_at is not null and (p_pass is null or p_pass > s.pass) then
      execute format('select count(*) from %s', v_table) into s.total;
      update public.execution_imports i
         set pass = i.pass + 1, options = v_options, total = s.total, rows = 0, taken = 0, known = 0, refused = 0,
             after_key = null, started_at = clock_timestamp(), finished_at = null
       where i.source = s.source returning * into s;
    end if;
  end if;

  if s.finished_at is null then
    perform private.lock_runs(v_plan, case when p_dry_run then p_after else s.after_key end, v_limit) where not p_dry_run;
    begin
      v_batch := private.import_rows(v_plan, case when p_dry_run then p_after else s.after_key end, v_limit, p_dry_run, false);
    exception when others then
      v_batch := private.import_rows(v_plan, case when p_dry_run then p_after else s.after_key end, v_limit, p_dry_run, true);
    end;
  end if;
  if p_dry_run then
    return v_batch || jsonb_build_object('source', v_table, 'done', (v_batch ->> 'rows')::int < v_limit);
  end if;
  if v_batch is not null then
    update public.execution_imports i
       set rows = i.rows + (v_batch ->> 'rows')::bigint, taken = i.taken + (v_batch ->> 'taken')::bigint,
           known = i.known + (v_batch ->> 'known')::bigint, refused = i.refused + (v_batch ->> 'refused')::bigint,
           after_key = v_batch ->> 'after', options = v_options, updated_at = clock_timestamp(),
           finished_at = case when (v_batch ->> 'rows')::int < v_limit then clock_timestamp() end
     where i.source = s.source returning * into s;
  end if;
  return jsonb_build_object('source', s.source, 'pass', s.pass, 'done', s.finished_at is not null, 'total', s.total, 'rows', s.rows,
    'taken', s.taken, 'known', s.known, 'refused', s.refused, 'after', s.after_key, 'groups', case when s.finished_at is not null then (
      select coalesce(jsonb_agg(to_jsonb(g)), '[]')
        from (select r.status, r.result, r.reason, count(*) as rows, min(r.source_id) as example, min(r.detail) as detail
                from public.execution_import_rows r where r.source = s.source group by 1, 2, 3) g) else '[]' end);
end $$;

/* Locks the Temporal workflow ids of the next rows: the application may be registering one at this moment.
   Callers: import_workflow_runs. */
create function private.lock_runs(p_plan jsonb, p_after text, p_limit integer) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_ids text[];
begin
  if p_plan -> 'columns' ->> 'temporal_workflow_id' is null then return; end if;
  execute format('select array_agg(n.ns || '':'' || n.id) from (
      select %1$s as ns, t.%2$I::text as id from %3$s t %4$s order by t.%5$I limit $2) n where n.id <> ''''',
      case when p_plan -> 'columns' ->> 'temporal_namespace' is null then 'cast($3 as text)'
           else format('coalesce(nullif(t.%I::text, ''''), $3)', p_plan -> 'columns' ->> 'temporal_namespace') end,
      p_plan -> 'columns' ->> 'temporal_workflow_id', p_plan ->> 'source',
      case when p_after is not null then format('where t.%I > $1::%s', p_plan ->> 'key', p_plan ->> 'keyType') end, p_plan ->> 'key')
    into v_ids using p_after, p_limit, coalesce(p_plan -> 'options' ->> 'namespace', 'default');
  perform private.lock_workflow_ids(v_ids);
end $$;

alter table public.execution_imports enable row level security;
alter table public.execution_import_rows enable row level security;
create policy "only the service role sees imports" on public.execution_imports
  for select to authenticated using (false);
create policy "only the service role sees the rows of imports" on public.execution_import_rows
  for select to authenticated using (false);
revoke all on public.execution_imports, public.execution_import_rows from anon, authenticated;
grant all on public.execution_imports, public.execution_import_rows to service_role;

do $$
declare
  f regprocedure;
begin
  foreach f in array array[
    'private.named_uuid(text)', 'private.read_time(jsonb)', 'private.read_status(text, jsonb)', 'private.import_source(text)',
    'private.import_key(regclass)', 'private.check_import_options(jsonb)', 'private.import_columns(regclass, jsonb)', 'private.read_tags(jsonb)',
    'private.read_run(jsonb, text, text, jsonb, jsonb)', 'private.import_workflow(uuid, text, text)',
    'private.import_run(jsonb, text, jsonb, boolean)', 'private.next_rows(jsonb, text, integer, boolean)',
    'private.import_rows(jsonb, text, integer, boolean, boolean)', 'private.group_import_rows(jsonb[])',
    'private.lock_runs(jsonb, text, integer)', 'public.describe_import(text, jsonb)',
    'public.import_workflow_runs(text, jsonb, bigint, integer, boolean, text)'
  ]::regprocedure[] loop
    execute format('revoke execute on function %s from public, anon, authenticated', f);
    execute format('grant execute on function %s to service_role', f);
  end loop;
end $$;
