import { schemaParts } from './schema-parts.ts';
import type { SqlDatabase } from './sql-database.ts';

/** Everything there is in a database but for the system's catalogs: definitions, rights, settings, and rows of `public`. */
export async function databaseContents(db: SqlDatabase) {
  const schemas = await db.query<{ name: string }>(
    `select nspname as name from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' order by 1`,
  );
  const names = schemas.map(({ name }) => name);
  const tables = await db.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`,
  );
  const rows: Record<string, unknown> = {};
  for (const { name } of tables)
    rows[name] = await db.query(
      `select t::text as row from ${name.includes('.') ? name : `public.${name}`} t order by 1`,
    );
  return {
    schemas: names,
    parts: Object.fromEntries(await schemaParts(db, names)),
    rows,
    extensions: await db.query('select extname from pg_extension order by 1'),
    history: schemas.some(({ name }) => name === 'supabase_migrations')
      ? await db.query('select version from supabase_migrations.schema_migrations')
      : [],
    publications: await db.query('select pubname, schemaname, tablename from pg_publication_tables order by 1, 2, 3'),
    eventTriggers: await db.query('select evtname, evtenabled from pg_event_trigger order by 1'),
    defaults: await db.query(
      'select defaclnamespace::int, defaclobjtype, defaclacl::text from pg_default_acl order by 1, 2',
    ),
    settings: await db.query(
      `select setrole::int, setconfig from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase
        where d.datname = current_database() order by 1`,
    ),
  };
}
