-- Takes Runledger out of a database: its two schemas with all they hold, the compatibility names in public, its triggers
-- on the table that users come from, its job of pg_cron, pg_trgm where it came with it and nothing else uses it, and its
-- lines in the history of migrations, with the history where it came with it. Nothing else is touched: where something of
-- the application still uses the ledger, nothing is dropped at all.
--   psql "$DATABASE_URL" -f supabase/uninstall.sql
begin;

-- The triggers on the application's tables lock these: better no uninstall than all others waiting behind it.
set local lock_timeout = '3s';

do $$
declare
  r record;
  users text;
begin
  if to_regnamespace('runledger') is null then
    raise exception 'Runledger is not installed in this database.' using errcode = 'undefined_object';
  end if;
  for r in
    select c.oid::regclass::text as name from pg_catalog.pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'v'
       and obj_description(c.oid, 'pg_class') = 'Runledger: compatibility'
  loop
    execute format('drop view %s', r.name);
  end loop;
  for r in
    select p.oid::regprocedure::text as name from pg_catalog.pg_proc p
     where p.pronamespace = 'public'::regnamespace and obj_description(p.oid, 'pg_proc') = 'Runledger: compatibility'
  loop
    execute format('drop function %s', r.name);
  end loop;
  -- Whatever lies outside and depends on something inside, but for our triggers on tables of the application: they go
  -- with their functions, also where the table has another owner.
  select string_agg(distinct i.identity, ', ') into users
    from pg_catalog.pg_depend d,
         pg_catalog.pg_identify_object_as_address(d.classid, d.objid, d.objsubid) a,
         pg_catalog.pg_identify_object(d.classid, d.objid, d.objsubid) i,
         pg_catalog.pg_identify_object_as_address(d.refclassid, d.refobjid, d.refobjsubid) b,
         pg_catalog.pg_identify_object(d.refclassid, d.refobjid, d.refobjsubid) j
   where d.refobjid >= 16384 and d.deptype = 'n'
     and not exists (select from pg_catalog.pg_trigger t join pg_catalog.pg_proc p on p.oid = t.tgfoid
                      where d.classid = 'pg_catalog.pg_trigger'::regclass and t.oid = d.objid
                        and p.pronamespace = 'runledger_private'::regnamespace)
     and coalesce(j.schema, b.object_names[1]) in ('runledger', 'runledger_private')
     and coalesce(i.schema, a.object_names[1]) not in ('runledger', 'runledger_private');
  if users is not null then
    raise exception 'Something else uses the ledger: %.', users
      using errcode = 'dependent_objects_still_exist', hint = 'Drop or change that first.';
  end if;

  if exists (select from pg_catalog.pg_extension where extname = 'pg_cron') then
    perform cron.unschedule(j.jobid) from cron.job j where j.jobname = 'runledger-fold';
  end if;
  users := obj_description('runledger'::regnamespace, 'pg_namespace');
  -- Both at once: each uses the other.
  drop schema runledger, runledger_private cascade;
  if users like '%pg_trgm came with it%' then
    begin
      drop extension pg_trgm;
    exception when dependent_objects_still_exist then
      raise notice 'pg_trgm stays: something else uses it.';
    end;
  end if;
  if to_regclass('supabase_migrations.schema_migrations') is not null then
    delete from supabase_migrations.schema_migrations m where m.name ~ '^runledger(_|$)';
    if obj_description('supabase_migrations'::regnamespace, 'pg_namespace') = 'Runledger: came with it'
       and not exists (select from supabase_migrations.schema_migrations)
       and not exists (select from pg_catalog.pg_class c where c.relnamespace = 'supabase_migrations'::regnamespace
                        and c.relkind = 'r' and c.relname <> 'schema_migrations') then
      drop table supabase_migrations.schema_migrations;
      drop schema supabase_migrations;
    end if;
  end if;
end $$;

commit;
