import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import type { Json } from '@runledger/contracts';
import { createInThreadSchemas } from '@runledger/router';
import { Tinypool } from 'tinypool';
import { afterAll, expect, test, vi } from 'vitest';
import type { SchemaTask } from './schema-thread.ts';
import { createThreadedSchemas } from './threaded-schemas.ts';

const ANNA = 'anna';
const MAX_BYTES = 32_768;
const schemas = createThreadedSchemas({ maxBytes: MAX_BYTES });
afterAll(() => schemas.close());

const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));
/** One of the most expensive schemas that are taken; another one for each number. */
const expensive = (number: number): Record<string, Json> => ({
  title: String(number),
  unevaluatedProperties: false,
  allOf: many(240, (i) => ({ properties: { [`p${i}`]: true } })),
});
const refusalOf = (work: Promise<void>) =>
  work.then(
    () => null,
    ({ code, message, fields }) => ({ code, message, fields }),
  );
/** Microseconds of CPU that this thread has used. */
const worked = () => {
  const { user, system } = process.threadCpuUsage();
  return user + system;
};

/** How nice each thread of this process is; `null` where the system does not tell. */
function nicenesses(): number[] | null {
  if (process.platform !== 'linux') return null;
  return readdirSync('/proc/self/task').map((thread) => {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
    // The name, in brackets, may hold anything.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  });
}

test('its threads give way to those that answer, which give way to nobody more than before', async () => {
  const before = getPriority();
  await schemas.check(expensive(-1), ANNA);
  expect(getPriority()).toBe(before);
  const threads = nicenesses();
  if (threads) expect(threads).toContain(before + 5);
});

test('it answers as the thread that is asked would', async () => {
  const order = { type: 'object', properties: { amount: { type: 'number', minimum: 1 } }, required: ['amount'] };
  const here = createInThreadSchemas({ maxBytes: MAX_BYTES });
  for (const schema of [order, { type: 'no such type' }, { pattern: '(?=a)' }, expensive(0)])
    expect(await refusalOf(schemas.check(schema, ANNA))).toEqual(await refusalOf(here.check(schema, ANNA)));
  const inputs: Json[] = [{ amount: 3 }, { amount: 0 }, {}, null, [1]];
  for (const input of inputs)
    expect(await refusalOf(schemas.validate(order, input, ANNA))).toEqual(
      await refusalOf(here.validate(order, input, ANNA)),
    );
});

test('compiling the most expensive schemas leaves the thread that is asked free', async () => {
  const here = createInThreadSchemas({ maxBytes: MAX_BYTES });
  await Promise.all([here.check(expensive(1), ANNA), schemas.check(expensive(1), ANNA)]);
  const start = worked();
  for (const number of [2, 3, 4, 5]) await here.check(expensive(number), ANNA);
  const compiled = worked();
  for (const number of [2, 3, 4, 5]) await schemas.check(expensive(number), ANNA);
  expect(worked() - compiled).toBeLessThan((compiled - start) / 4);
});

test('whoever closes it waits for what is under way, and what comes later is refused', async () => {
  const closing = createThreadedSchemas({ maxBytes: MAX_BYTES });
  await closing.check({ type: 'number' }, ANNA);
  const first = refusalOf(closing.check(expensive(300), ANNA));
  // It has had its turn.
  await new Promise((next) => setTimeout(next));
  await closing.close();
  expect(await first).toBeNull();
  expect(await refusalOf(closing.check(expensive(301), ANNA))).toMatchObject({ code: 'took_too_long' });
});

test("a batch of one user's does not hold up another's", async () => {
  const order: string[] = [];
  const batch = many(20, (i) => schemas.check(expensive(100 + i), ANNA).then(() => order.push('anna')));
  const ben = schemas.check(expensive(200), 'ben').then(() => order.push('ben'));
  await Promise.all([...batch, ben]);
  expect(order.indexOf('ben')).toBeLessThan(5);
});

test('several batches of its own wait, and what is more than that is refused', async () => {
  const cheap = (number: number) => ({ title: String(number), type: 'number' });
  const codes = await Promise.all(many(205, (i) => refusalOf(schemas.check(cheap(i), ANNA))));
  expect(codes.map((refusal) => refusal?.code ?? 'taken')).toEqual([
    ...many(201, () => 'taken'),
    ...many(4, () => 'rate_limited'),
  ]);
});

test('a schema that is known waits for nothing', async () => {
  const refused = { oneOf: many(251, (i) => ({ const: i })) };
  await Promise.all([schemas.check(expensive(400), ANNA), refusalOf(schemas.check(refused, ANNA))]);
  let done = 0;
  const busy = many(20, (i) => schemas.check(expensive(401 + i), ANNA).then(() => (done += 1)));
  await schemas.check(expensive(400), ANNA);
  expect((await refusalOf(schemas.check(refused, ANNA)))?.code).toBe('schema_rejected');
  expect(done).toBe(0);
  await Promise.all(busy);
});

test('what takes longer than the deadline is refused', async () => {
  const hasty = createThreadedSchemas({ maxBytes: MAX_BYTES, deadlineMs: 0 });
  try {
    expect(await refusalOf(hasty.check(expensive(500), ANNA))).toMatchObject({
      code: 'schema_rejected',
      fields: { inputSchema: [expect.stringContaining('took longer than 0 s')] },
    });
    expect(await refusalOf(hasty.validate({ type: 'object' }, {}, ANNA))).toMatchObject({ code: 'input_rejected' });
  } finally {
    await hasty.close();
  }
});

test('small inputs by a schema that has shown that it is cheap are handed to no other thread; wrong ones are', async () => {
  const patient = createThreadedSchemas({ maxBytes: MAX_BYTES, cheapMs: Number.POSITIVE_INFINITY });
  const order = { type: 'object', properties: { amount: { type: 'number', minimum: 1 } }, required: ['amount'] };
  for (let amount = 1; amount <= 10; amount += 1) await patient.validate(order, { amount }, ANNA);
  const handedOver = vi.spyOn(Tinypool.prototype, 'run');
  try {
    for (let amount = 11; amount <= 20; amount += 1) await patient.validate(order, { amount }, ANNA);
    expect(handedOver).not.toHaveBeenCalled();
    expect(await refusalOf(patient.validate(order, { amount: 0 }, ANNA))).toMatchObject({ code: 'input_rejected' });
    expect(handedOver).toHaveBeenCalledTimes(1);
  } finally {
    handedOver.mockRestore();
    await patient.close();
  }
});

test('the first schema that a thread is given is no more expensive than others', async () => {
  const pool = new Tinypool({ filename: new URL('./schema-thread.ts', import.meta.url).href, maxThreads: 1 });
  try {
    const workedOn = async (minimum: number): Promise<number> => {
      const schema = JSON.stringify({ properties: { amount: { type: 'number', minimum } } });
      return (await pool.run({ schema, input: null, maxBytes: MAX_BYTES } satisfies SchemaTask)).workedMs;
    };
    const first = await workedOn(0);
    let others = 0;
    for (let minimum = 1; minimum <= 60; minimum += 1) others += await workedOn(minimum);
    expect(first).toBeLessThan(others);
  } finally {
    await pool.destroy();
  }
});
