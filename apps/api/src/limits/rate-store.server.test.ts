import type { LocalRedis, TestDatabase } from '@runledger/local-stack';
import { createTestDatabase, startRedis, startTcpProxy } from '@runledger/local-stack';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPostgresStore } from './postgres-store.ts';
import { createRedisStore } from './redis-store.ts';

const MINUTE_MS = 60_000;
const requests = (points: number) => ({ name: 'requests', points, windowMs: MINUTE_MS, givesBack: false });
const bytes = (points: number) => ({ name: 'storedBytes', points, windowMs: MINUTE_MS, givesBack: true });
const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));

/** Nothing here is decided by how fast the machine is. */
const PATIENT = { answersWithinMs: 60_000, awayMs: 600_000 };

let database: TestDatabase;
let redis: LocalRedis;
beforeAll(async () => {
  database = await createTestDatabase('postgres-17');
  redis = await startRedis();
});
afterAll(() => Promise.all([database?.close(), redis?.stop()]));

/** The names under which a Postgres keeps what was taken. */
async function keysInPostgres(): Promise<string[]> {
  const rows = await database.query<{ key: string }>('select key from runledger_limits.rates');
  return rows.map(({ key }) => key);
}

/** As in Postgres; of a Redis, each of them goes by itself. */
async function keysInRedis(): Promise<string[]> {
  const client = new Redis(redis.url);
  try {
    const keys = await client.keys('*');
    for (const key of keys) expect(await client.pttl(key)).toBeGreaterThan(0);
    return keys;
  } finally {
    client.disconnect();
  }
}

const kinds = [
  { kind: 'Postgres', create: createPostgresStore, address: () => database.url as string, keys: keysInPostgres },
  { kind: 'Redis', create: createRedisStore, address: () => redis.url, keys: keysInRedis },
];

function createLog() {
  const lines: string[] = [];
  const add = (_: object, message: string) => void lines.push(message);
  return { lines, warn: add, error: add };
}

describe.each(kinds)('limits in $kind', ({ create, address, keys }) => {
  test('two processes that begin at once count together, and users apart', async () => {
    const log = createLog();
    const stores = [1, 2].map(() => create(address(), log, PATIENT));
    try {
      const takes = stores.map((store) => store.open(requests(10)));
      const answers = await Promise.all(many(30, (i) => takes[i % 2]?.('anna', 1)));
      expect(answers.filter((after) => after === null)).toHaveLength(10);
      for (const after of answers) if (after !== null) expect(after).toBeLessThanOrEqual(MINUTE_MS);
      expect(await takes[0]?.('ben', 1)).toBeNull();
      expect(log.lines).toEqual([]);
      const kept = await keys();
      expect(kept).toHaveLength(2);
      expect(kept.join(' ')).not.toMatch(/anna|ben/);
    } finally {
      await Promise.all(stores.map((store) => store.close()));
    }
  });

  test('amounts that do not fit are given back in the store too', async () => {
    const store = create(address(), createLog(), PATIENT);
    try {
      const take = store.open(bytes(10));
      expect([await take('cleo', 8), await take('cleo', 3)]).toEqual([null, expect.any(Number)]);
      expect([await take('cleo', 2), await take('cleo', 1)]).toEqual([null, expect.any(Number)]);
    } finally {
      await store.close();
    }
  });

  test('while the store is away each process counts by itself, says so once, and does not wait for it', async () => {
    const log = createLog();
    const gone = new URL(address());
    const proxy = await startTcpProxy({ target: `${gone.hostname}:${gone.port}` });
    gone.host = proxy.address;
    const store = create(gone.href, log, PATIENT);
    try {
      const take = store.open(requests(3));
      expect(await take('dora', 1)).toBeNull();
      await proxy.stop();
      const answers = await Promise.all(many(5, () => take('dora', 1)));
      expect(answers.filter((after) => after === null)).toHaveLength(3);
      await Promise.all(many(20, () => take('emil', 1)));
      expect(log.lines).toEqual([expect.stringContaining('counting in memory')]);
    } finally {
      await store.close();
      await proxy.stop();
    }
  });

  test('a store that takes connections and says nothing is given up on, and asked again later', async () => {
    const log = createLog();
    const slow = new URL(address());
    await using proxy = await startTcpProxy({ target: `${slow.hostname}:${slow.port}` });
    slow.host = proxy.address;
    const store = create(slow.href, log, { answersWithinMs: 300, awayMs: 0 });
    try {
      const take = store.open(requests(1));
      proxy.stall();
      expect([await take('finn', 1), await take('finn', 1)]).toEqual([null, expect.any(Number)]);
      expect(log.lines.length).toBeGreaterThan(0);
      proxy.restore();
      // The store has not counted what was taken meanwhile; a busy machine may give up on it a few times more.
      await expect.poll(() => take('finn', 1)).toBeNull();
    } finally {
      await store.close();
    }
  });
});

test('a Redis that was away and came back is counted in again', async () => {
  const first = await startRedis();
  const { port } = new URL(first.url);
  const store = createRedisStore(first.url, createLog(), { answersWithinMs: 60_000, awayMs: 0 });
  try {
    const take = store.open(requests(1));
    expect(await take('gina', 1)).toBeNull();
    await first.stop();
    await using second = await startRedis({ port: Number(port) });
    const client = new Redis(second.url);
    try {
      // Until it is connected again the process counts in memory, and the server has no key.
      await expect
        .poll(async () => [await take(`${Math.random()}`, 1), await client.dbsize()])
        .toEqual([null, expect.toSatisfy((size: number) => size > 0)]);
    } finally {
      client.disconnect();
    }
  } finally {
    await store.close();
  }
});
