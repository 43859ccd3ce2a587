import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'smol-toml';
import type { SqlSession } from './sql-database.ts';

const supabaseDir = new URL('../../../supabase/', import.meta.url);

/** What this repository reads of supabase/config.toml. */
export type ProjectConfig = {
  /** Schemas that the API serves, the first one where a request names none. */
  apiSchemas: string[];
  /** The declarative schema: paths relative to the folder `supabase`, in the order in which they apply. */
  schemaPaths: string[];
};

export async function readProjectConfig(): Promise<ProjectConfig> {
  const config = parse(await readFile(new URL('config.toml', supabaseDir), 'utf8')) as {
    api: { schemas: string[] };
    db: { migrations: { schema_paths: string[] } };
  };
  return { apiSchemas: config.api.schemas, schemaPaths: config.db.migrations.schema_paths };
}

/** One file of the declarative schema; `path` as config.toml has it, without the leading `./`. */
export type SchemaFile = { path: string; sql: string };

/** The declarative schema in the order in which it applies. */
export async function readSchemas(): Promise<SchemaFile[]> {
  const { schemaPaths } = await readProjectConfig();
  return Promise.all(
    schemaPaths.map(async (path) => ({
      path: path.replace(/^\.\//, ''),
      sql: await readFile(fileURLToPath(new URL(path, supabaseDir)), 'utf8'),
    })),
  );
}

/** Makes the declarative schema, in one transaction, past the history of migrations. */
export async function applySchemas(db: Pick<SqlSession, 'exec'>): Promise<void> {
  const files = await readSchemas();
  await db.exec(files.map(({ sql }) => sql).join('\n'));
}
