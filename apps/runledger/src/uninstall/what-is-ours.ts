import type { Database } from '../migrate/open-database.ts';

/** What an uninstall would take out of a database, and what would be lost with it. */
export interface WhatIsOurs {
  database: string;
  executions: number;
  open: number;
  workflows: number;
  users: number;
  /** Changes of a cut-over that are not settled, both ways. */
  unsettled: number;
  /** What is dropped outside of the two schemas, a line each. */
  outside: string[];
}

const COUNTS = `
select current_database() as database,
       (select count(*) from runledger.workflow_executions)::float8 as executions,
       (select count(*) from runledger.execution_checks)::float8 as open,
       (select count(*) from runledger.workflows)::float8 as workflows,
       (select count(*) from runledger.users)::float8 as users,
       (select count(*) from runledger.forwarded_rows)::float8 as unsettled`;

const OUTSIDE = `
select format('trigger %I on %s', t.tgname, t.tgrelid::regclass) as part
  from pg_catalog.pg_trigger t join pg_catalog.pg_proc p on p.oid = t.tgfoid join pg_catalog.pg_class c on c.oid = t.tgrelid
 where not t.tgisinternal and p.pronamespace = 'runledger_private'::regnamespace
   and c.relnamespace not in ('runledger'::regnamespace, 'runledger_private'::regnamespace)
union all
select format('view %s', c.oid::regclass) from pg_catalog.pg_class c
 where c.relnamespace = 'public'::regnamespace and c.relkind = 'v'
   and obj_description(c.oid, 'pg_class') = 'Runledger: compatibility'
union all
select format('function %s', p.oid::regprocedure) from pg_catalog.pg_proc p
 where p.pronamespace = 'public'::regnamespace and obj_description(p.oid, 'pg_proc') = 'Runledger: compatibility'
union all
select 'extension pg_trgm, unless something else uses it'
 where obj_description('runledger'::regnamespace, 'pg_namespace') like '%pg_trgm came with it%'
order by 1`;

const HISTORY = `
select format('line %s_%s in the history of migrations', m.version, m.name) as part
  from supabase_migrations.schema_migrations m where m.name ~ '^runledger(_|$)' order by 1`;

/** `null` where the ledger is not installed. */
export async function readWhatIsOurs(database: Database): Promise<WhatIsOurs | null> {
  const [there] = await database.query<{ ledger: boolean; history: boolean }>(
    `select to_regnamespace('runledger') is not null as ledger,
            to_regclass('supabase_migrations.schema_migrations') is not null as history`,
  );
  if (!there?.ledger) return null;
  const [counts] = await database.query<Omit<WhatIsOurs, 'outside'>>(COUNTS);
  const parts = await database.query<{ part: string }>(OUTSIDE);
  const history = there.history ? await database.query<{ part: string }>(HISTORY) : [];
  return { ...(counts as Omit<WhatIsOurs, 'outside'>), outside: [...parts, ...history].map(({ part }) => part) };
}
