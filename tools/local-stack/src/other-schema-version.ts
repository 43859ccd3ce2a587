import type { SqlDatabase } from './sql-database.ts';

const VERSION = 'runledger.runledger_schema_version()';

/** Until it is disposed of, a database claims a schema that is newer than its own by that number of versions; a negative number is older. */
export async function otherSchemaVersion(
  database: Pick<SqlDatabase, 'exec' | 'query'>,
  newerBy: number,
): Promise<AsyncDisposable & { version: number }> {
  const [row] = await database.query<{ version: number }>(`select ${VERSION} as version`);
  const own = row?.version as number;
  const say = (version: number) =>
    database.exec(
      `create or replace function ${VERSION} returns integer language sql immutable set search_path = '' as 'select ${version}'`,
    );
  await say(own + newerBy);
  return { version: own + newerBy, [Symbol.asyncDispose]: () => say(own) };
}
