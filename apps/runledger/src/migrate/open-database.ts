import { ExecutionError } from '@runledger/contracts';
import pg from 'pg';

export interface Database extends AsyncDisposable {
  exec(sql: string): Promise<void>;
  query<T>(sql: string, params?: unknown[]): Promise<T[]>;
}

const ANSWERS_WITHIN_MS = 10_000;

/** One connection to a database. @throws ExecutionError `ledger_unavailable` where it is not reached; the message has no password */
export async function openDatabase(url: string): Promise<Database> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: ANSWERS_WITHIN_MS });
  try {
    await client.connect();
  } catch (cause) {
    const why = (cause as Error).message || (cause as NodeJS.ErrnoException).code;
    throw new ExecutionError(
      'ledger_unavailable',
      `The database cannot be reached: ${why}. Check the connection string.`,
      {
        cause,
      },
    );
  }
  return {
    exec: async (sql) => {
      await client.query(sql);
    },
    query: async (sql, params) => (await client.query(sql, params)).rows,
    [Symbol.asyncDispose]: () => client.end(),
  };
}
