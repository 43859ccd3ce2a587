import type { TestDatabase } from '@runledger/local-stack';
import { createTestDatabase, startTcpProxy } from '@runledger/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPostgresStore } from './rate-store.ts';

const MINUTE_MS = 60_000;
const requests = (points: number) => ({ name: 'requests', points, windowMs: MINUTE_MS, givesBack: false });
const bytes = (points: number) => ({ name: 'storedBytes', points, windowMs: MINUTE_MS, givesBack: true });
const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));

/** Nothing here is decided by how fast the machine is. */
const PATIENT = { answersWithinMs: 60_000, awayMs: 600_000 };

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase('postgres-17');
});
afterAll(() => database?.close());

function createLog() {
  const lines: string[] = [];
  const add = (_: object, message: string) => void lines.push(message);
  return { lines, warn: add, error: add };
}

test('two processes that begin at once count together, and users apart', async () => {
  const log = createLog();
  const stores = [1, 2].map(() => createPostgresStore(database.url as string, log, PATIENT));
  try {
    const takes = stores.map((store) => store.open(requests(10)));
    const answers = await Promise.all(many(30, (i) => takes[i % 2]?.('anna', 1)));
    expect(answers.filter((after) => after === null)).toHaveLength(10);
    for (const after of answers) if (after !== null) expect(after).toBeLessThanOrEqual(MINUTE_MS);
    expect(await takes[0]?.('ben', 1)).toBeNull();
    expect(log.lines).toEqual([]);
    const [{ rows, keys } = {}] = await database.query<{ rows: number; keys: string }>(
      `select count(*)::int as rows, string_agg(key, ' ') as keys from runledger_limits.rates`,
    );
    expect(rows).toBe(2);
    expect(keys).not.toMatch(/anna|ben/);
  } finally {
    await Promise.all(stores.map((store) => store.close()));
  }
});

test('amounts that do not fit are given back in the store too', async () => {
  const store = createPostgresStore(database.url as string, createLog(), PATIENT);
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
  const gone = new URL(database.url as string);
  const proxy = await startTcpProxy({ target: `${gone.hostname}:${gone.port}` });
  gone.host = proxy.address;
  const store = createPostgresStore(gone.href, log, PATIENT);
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
  const slow = new URL(database.url as string);
  await using proxy = await startTcpProxy({ target: `${slow.hostname}:${slow.port}` });
  slow.host = proxy.address;
  const store = createPostgresStore(slow.href, log, { answersWithinMs: 300, awayMs: 0 });
  try {
    const take = store.open(requests(1));
    proxy.stall();
    expect([await take('finn', 1), await take('finn', 1)]).toEqual([null, expect.any(Number)]);
    expect(log.lines.length).toBeGreaterThan(0);
    proxy.restore();
    // The store has not counted what was taken meanwhile; a busy machine may give up on it a few times more.
    await expect.poll(() => take('finn', 1), { timeout: 30_000 }).toBeNull();
  } finally {
    await store.close();
  }
});
