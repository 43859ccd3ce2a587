/* The table that is meant: by name, else the one in public that hand-written ledgers have.
   Callers: describe_import, import_workflow_runs. */
-- for: service_role
create function runledger_private.import_source(p_source text) returns regclass
language plpgsql stable
set search_path = ''
as $$
declare
  v_table regclass;
  v_found text[];
begin
  if p_source is null then
    select array_agg(x.name order by x.name) into v_found
      from (values ('public.workflow_executions'), ('public.workflow_runs')) x (name)
     where exists (select from pg_catalog.pg_class c where c.oid = to_regclass(x.name) and c.relkind in ('r', 'p'));
    if cardinality(v_found) = 1 then return to_regclass(v_found[1]); end if;
    raise exception '%', case when v_found is null
      then 'There is no table public.workflow_executions and no table public.workflow_runs.'
        else 'There are both ' || array_to_string(v_found, ' and ') || '.' end
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Name the table to import.';
  end if;
  begin
    v_table := coalesce(to_regclass(p_source), to_regclass(format('public.%I', p_source)));
  exception
  when insufficient_privilege then
    raise exception '% may not be read: %.', left(p_source, 200), sqlerrm
      using errcode = 'PT403', detail = 'permission_denied',
        hint = format('As the owner: grant usage on schema %I to %I.', (parse_ident(p_source))[1], current_user);
  when others then
    v_table := to_regclass(format('public.%I', p_source));
  end;
  if v_table is null then
    raise exception 'There is no table %.', left(p_source, 200)
      using errcode = 'PT404', detail = 'not_found', hint = 'Name it with its schema, like public.workflow_runs.';
  end if;
  if not has_table_privilege(v_table, 'select') then
    raise exception '% may not be read.', v_table
      using errcode = 'PT403', detail = 'permission_denied',
        hint = format('As its owner: grant select on %s to %I.', v_table, current_user);
  end if;
  -- A table of ours, or a view that reads them.
  if exists (select from pg_catalog.pg_class c where c.oid = v_table and c.relnamespace = 'runledger'::regnamespace)
     or exists (select from pg_catalog.pg_rewrite r join pg_catalog.pg_depend d
                    on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = r.oid
                 where r.ev_class = v_table and d.refclassid = 'pg_catalog.pg_class'::regclass
                   and d.refobjid = 'runledger.workflow_executions'::regclass) then
    raise exception '% is the ledger itself.', v_table
      using errcode = 'PT400', detail = 'invalid_input',
        hint = 'Name the table of the application, like public.my_runs.';
  end if;
  return v_table;
end $$;
