import type { Log } from '@runledger/router';
import pg from 'pg';
import { RateLimiterPostgres } from 'rate-limiter-flexible';
import type { RateStore } from './rate-store.ts';
import { storedLimiterOptions, takeFrom } from './rate-store.ts';
import { countInMemoryWhileAway, PATIENCE } from './several-processes.ts';

/** The table is the library's; a schema of its own keeps it apart from the ledger and from `public`. */
const SCHEMA = 'runledger_limits';
const TABLE = 'rates';
const CONNECTIONS = 4;

/** For several processes, in Postgres. */
export function createPostgresStore(connectionString: string, log: Log, patience = PATIENCE): RateStore {
  const { answersWithinMs, awayMs } = patience;
  const pool = new pg.Pool({
    connectionString,
    max: CONNECTIONS,
    connectionTimeoutMillis: answersWithinMs,
    query_timeout: answersWithinMs,
    allowExitOnIdle: true,
  });
  // A connection that is lost while nobody uses it; whoever needs the next one is told.
  pool.on('error', () => {});
  let prepared: Promise<unknown> | null = null;

  const prepare = () => {
    prepared ??= createTable(pool).catch((error: unknown) => {
      prepared = null;
      throw error;
    });
    return prepared;
  };
  const store: RateStore = {
    open(rate) {
      const take = takeFrom(
        new RateLimiterPostgres({
          ...storedLimiterOptions(rate),
          storeClient: pool,
          storeType: 'pool',
          schemaName: SCHEMA,
          tableName: TABLE,
          tableCreated: true,
        }),
        rate,
      );
      return async (key, points) => {
        await prepare();
        return take(key, points);
      };
    },
    close: () => pool.end(),
  };
  return countInMemoryWhileAway(store, log, awayMs);
}

/** Two processes that begin at once would both create it; the one that waits finds it there. */
async function createTable(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(`select pg_advisory_xact_lock(hashtextextended('${SCHEMA}', 0))`);
    await client.query(`create schema if not exists ${SCHEMA}`);
    await client.query(
      `create table if not exists ${SCHEMA}.${TABLE} (key varchar(255) primary key, points integer not null default 0, expire bigint)`,
    );
    await client.query('commit');
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}
