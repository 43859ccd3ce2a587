/* Takes the next rows of a table into the ledger, and keeps how far it has got: the next call goes on from there, also
   after an interruption. Without `p_pass` it goes on with the pass that is under way or begins another one; a pass that
   has ended stays so. A dry run takes the same path and writes no execution: it goes on after `p_after`, as the
   `p_pass` that its first call answered, under which it notes what its parts would have taken. The first call of a pass
   counts the table, the last one groups what became of it: hence the time-out of its own, as above.
   Callers: ImportService.importRuns. Returns { source, pass, done, total, after, rows, taken, known, refused, groups,
   open }: `open` is of this part alone.
   */
-- for: service_role
create function runledger.import_workflow_runs(p_source text default null, p_options jsonb default '{}',
  p_pass bigint default null,
                                            p_limit integer default 500, p_dry_run boolean default false,
                                            p_after text default null)
returns jsonb
language plpgsql
set search_path = '' set timezone = 'UTC' set statement_timeout = '55s'
as $$
declare
  v_plan constant jsonb := runledger_private.import_plan(p_source, p_options);
  v_table constant text := v_plan ->> 'source';
  v_options constant jsonb := v_plan -> 'options';
  v_limit constant integer := least(greatest(coalesce(p_limit, 500), 1), 5000);
  v_batch jsonb;
  v_preview constant bigint := case when p_dry_run
    then coalesce(p_pass, (random() * 9007199254740991)::bigint) end;
  s runledger.execution_imports;
begin
  if not p_dry_run then
    -- Two at once take turns.
    perform pg_advisory_xact_lock(hashtextextended('runledger:import', 0));
    insert into runledger.execution_imports (source, finished_at) values (v_table, clock_timestamp())
      on conflict do nothing;
    select * into s from runledger.execution_imports i where i.source = v_table for update;
    if s.finished_at is not null and (p_pass is null or p_pass > s.pass) then
      perform runledger_private.check_import_key(v_plan);
      execute format('select count(*) from %s', v_table) into s.total;
      update runledger.execution_imports i
         set pass = i.pass + 1, options = v_options, total = s.total, rows = 0, taken = 0, known = 0, refused = 0,
             after_key = null, started_at = clock_timestamp(), finished_at = null
       where i.source = s.source returning * into s;
    end if;
  end if;

  if p_dry_run and p_after is null then perform runledger_private.check_import_key(v_plan); end if;
  if s.finished_at is null then
    v_batch := runledger_private.import_rows(v_plan, case when p_dry_run then p_after else s.after_key end, v_limit,
      v_preview);
  end if;
  if p_dry_run then
    delete from runledger.execution_import_previews v
     where v.noted_at < clock_timestamp() - interval '1 day'
        or (v.pass = v_preview and (v_batch ->> 'seen')::int < v_limit);
    return v_batch - 'seen' || jsonb_build_object('source', v_table, 'pass', v_preview,
      'done', (v_batch ->> 'seen')::int < v_limit);
  end if;
  if v_batch is not null then
    update runledger.execution_imports i
       set rows = i.rows + (v_batch ->> 'rows')::bigint, taken = i.taken + (v_batch ->> 'taken')::bigint,
           known = i.known + (v_batch ->> 'known')::bigint, refused = i.refused + (v_batch ->> 'refused')::bigint,
           after_key = v_batch ->> 'after', options = v_options, updated_at = clock_timestamp(),
           finished_at = case when (v_batch ->> 'seen')::int < v_limit then clock_timestamp() end
     where i.source = s.source returning * into s;
  end if;
  return jsonb_build_object('source', s.source, 'pass', s.pass, 'done', s.finished_at is not null, 'total', s.total,
    'rows', s.rows,
    'taken', s.taken, 'known', s.known, 'refused', s.refused, 'after', s.after_key, 'open',
    coalesce(v_batch -> 'open', '{"rows": 0, "some": []}'), 'groups', case
      when s.finished_at is not null then (
      select coalesce(jsonb_agg(to_jsonb(g)), '[]')
        from (select r.status, r.result, r.reason, count(*) as rows, min(r.source_id) as example,
          min(r.detail) as detail
                from runledger.execution_import_rows r where r.source = s.source group by 1, 2, 3) g) else '[]' end);
end $$;
