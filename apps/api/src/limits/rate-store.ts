import { createHash } from 'node:crypto';
import type { Log } from '@runledger/router';
import pg from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';

/** `points` in each window, which begins with a key's first call. */
interface Rate {
  name: string;
  points: number;
  windowMs: number;
  /** What is refused is given back: amounts differ, and a large one that does not fit leaves room for a small one. */
  givesBack: boolean;
}

/** Takes points of a key: `null` where there were enough, otherwise the milliseconds until there are more. */
export type TakePoints = (key: string, points: number) => Promise<number | null>;

/** Where the points of all keys are kept. */
export interface RateStore {
  open(rate: Rate): TakePoints;
  close(): Promise<void>;
}

/** For one process. What a key took is forgotten with its window. */
export function createMemoryStore(): RateStore {
  return { open: (rate) => takeFrom(createMemoryLimiter(rate), rate), close: async () => {} };
}

/** The table is the library's; a schema of its own keeps it apart from the ledger and from `public`. */
const SCHEMA = 'runledger_limits';
const TABLE = 'rates';
/**
 * In milliseconds: how long a request waits for the store, and how long it is not asked after it failed to answer, so that
 * requests do not wait for it meanwhile.
 */
const PATIENCE = { answersWithinMs: 1_000, awayMs: 5_000 };
const CONNECTIONS = 4;

/**
 * For several processes, in Postgres. While it is away each process counts in its own memory: a user may then take as much
 * from each of them, and nobody is refused for it.
 */
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
  let awayUntil = 0;

  const prepare = () => {
    prepared ??= createTable(pool).catch((error: unknown) => {
      prepared = null;
      throw error;
    });
    return prepared;
  };
  return {
    open(rate) {
      const inMemory = takeFrom(createMemoryLimiter(rate), rate);
      const inStore = takeFrom(
        new RateLimiterPostgres({
          ...limiterOptions(rate),
          storeClient: pool,
          storeType: 'pool',
          schemaName: SCHEMA,
          tableName: TABLE,
          tableCreated: true,
          // Whoever has no points left does not cost the store anything.
          ...(rate.givesBack ? {} : { inMemoryBlockOnConsumed: rate.points + 1 }),
        }),
        rate,
      );
      return async (key, points) => {
        if (Date.now() < awayUntil) return inMemory(key, points);
        try {
          await prepare();
          return await inStore(key, points);
        } catch (error) {
          // Of several that waited for it, the first says so.
          if (Date.now() >= awayUntil)
            log.warn({ err: error, limit: rate.name }, 'the store of rate limits does not answer; counting in memory');
          awayUntil = Date.now() + awayMs;
          return inMemory(key, points);
        }
      };
    },
    close: () => pool.end(),
  };
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

const limiterOptions = ({ name, points, windowMs }: Rate) => ({
  keyPrefix: name,
  points,
  duration: windowMs / 1_000,
});

function createMemoryLimiter(rate: Rate): RateLimiterMemory {
  return new RateLimiterMemory(limiterOptions(rate));
}

function takeFrom(limiter: RateLimiterMemory | RateLimiterPostgres, { givesBack }: Rate): TakePoints {
  return async (key, points) => {
    // Of one length, however long an id is, and nobody's name in a store.
    const hashed = createHash('sha256').update(key).digest('base64url');
    try {
      await limiter.consume(hashed, points);
      return null;
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      if (givesBack) await limiter.reward(hashed, points);
      return Math.max(refusal.msBeforeNext, 1);
    }
  };
}
