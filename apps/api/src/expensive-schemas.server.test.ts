import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApiFixture } from './fixtures/api-fixture.ts';

let fixture: ApiFixture;
let anna: TestUser;
let ben: TestUser;

beforeAll(async () => {
  fixture = await startApiFixture();
  [anna, ben] = await Promise.all([fixture.signUp('anna'), fixture.signUp('ben')]);
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));
/** One of the most expensive schemas that are taken; another one for each number. */
const expensive = (number: number) => ({
  title: String(number),
  unevaluatedProperties: false,
  allOf: many(240, (i) => ({ properties: { [`p${i}`]: true } })),
});
const define = (number: number) => anna.client.workflow.create.mutate({ ...ORDER, inputSchema: expensive(number) });

/** What the thread that answers everybody has used of the processor, and what all others of this process have, in milliseconds. */
function used() {
  const [all, own] = [process.cpuUsage(), process.threadCpuUsage()].map(({ user, system }) => (user + system) / 1_000);
  return { own: own ?? 0, beside: (all ?? 0) - (own ?? 0) };
}

test('twenty of the most expensive schemas in one request are not compiled by the thread that answers everybody', async () => {
  await define(0);
  const before = used();
  const defined = await Promise.all(many(20, (i) => define(i + 1)));
  const after = used();
  expect(defined).toHaveLength(20);
  const own = after.own - before.own;
  // Compiled by that thread they would be its own, however busy the machine is.
  expect(own).toBeLessThan(after.beside - before.beside);
});

test('meanwhile another user is answered', async () => {
  const under = { way: 20 };
  const batch = many(20, (i) => define(i + 21).finally(() => (under.way -= 1)));
  let answered = 0;
  const asking = (async () => {
    for (; under.way > 0; answered += 1) await ben.client.execution.getStats.query();
  })();
  expect(await Promise.all(batch)).toHaveLength(20);
  await asking;
  expect(answered).toBeGreaterThan(2);
});

test('a schema that is refused says by which bound', async () => {
  const inputSchema = { oneOf: many(1_500, (i) => ({ const: i })) };
  await expect(anna.client.workflow.create.mutate({ ...ORDER, inputSchema })).rejects.toMatchObject({
    data: {
      executionCode: 'schema_rejected',
      fields: { 'inputSchema.oneOf': ['has 1500 branches; at most 250 are taken'] },
    },
  });
});

test.each<[string, object, string]>([
  [
    'a retry a millisecond after each of a thousand attempts',
    { retryPolicy: { maximumAttempts: 1_000, initialInterval: '1ms' } },
    'retryPolicy.initialInterval',
  ],
  ['a retry a second without end', { retryPolicy: { backoffCoefficient: 1 } }, 'retryPolicy.maximumAttempts'],
  ['a time-out of nothing, which Temporal takes for none', { runTimeout: '0ms' }, 'runTimeout'],
  ['a time-out of a million years', { executionTimeout: '365000000d' }, 'executionTimeout'],
])('%s is refused with its range, when it is defined and when it is changed', async (_, given, field) => {
  const { id } = await anna.client.workflow.create.mutate(ORDER);
  const range = expect.stringContaining('must be from ');
  for (const refused of [
    anna.client.workflow.create.mutate({ ...ORDER, ...given }),
    anna.client.workflow.update.mutate({ id, ...given }),
  ])
    await expect(refused).rejects.toMatchObject({
      data: { httpStatus: 400, executionCode: 'invalid_input', fields: { [field]: [range] } },
    });
});
