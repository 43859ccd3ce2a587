/* Makes a view with the columns of an imported table over the ledger, for code that goes on reading it once nothing
   writes it any more: what the import read is as the table would have it, a status as p_spellings or most rows of the
   table spell it. Whoever reads sees what they may see of the ledger. It needs the table only to be made.
   Callers: the table's owner. Returns the name of the view. */
-- for: nobody
create function runledger.read_back(p_source text, p_view text, p_spellings jsonb default '{}') returns text
language plpgsql
set search_path = ''
as $$
declare
  v_name constant text[] := parse_ident(p_view);
  v_view constant text := format('%I.%I', case when cardinality(v_name) > 1 then v_name[1] else 'public' end,
    v_name[cardinality(v_name)]);
  v_source constant text := runledger_private.import_source(p_source);
  v_plan jsonb;
  v_spellings jsonb;
  v_columns text;
begin
  v_plan := runledger_private.import_plan(v_source, coalesce(
    (select t.plan -> 'options' from runledger.forwarded_tables t where t.source = v_source),
    (select i.options from runledger.execution_imports i where i.source = v_source), '{}'));
  v_spellings := runledger_private.spell_statuses(v_plan, runledger_private.unwrap(p_spellings));
  select string_agg(format('(%s)::%s as %I',
           runledger_private.read_back_column(v_plan, v_spellings, a.attname, a.atttypid::regtype),
           format_type(a.atttypid, a.atttypmod), a.attname), ', ' order by a.attnum)
    into v_columns
    from pg_catalog.pg_attribute a where a.attrelid = v_source::regclass and a.attnum > 0 and not a.attisdropped;
  execute format('create view %s with (security_invoker = on) as select %s from runledger.workflow_executions e',
    v_view, v_columns);
  -- As the compatibility names: an uninstall drops it.
  execute format('comment on view %s is %L', v_view, 'Runledger: compatibility');
  execute format('grant select on %s to authenticated, service_role', v_view);
  return v_view;
end $$;
