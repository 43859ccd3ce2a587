/**
 * Every procedure with inputs by its own schema and with values that something on their way cannot keep: whatever is sent, the
 * answer is a value or a refusal of ours, and the ledger is consistent afterwards. `RUNLEDGER_FUZZ_RUNS` calls of each
 * (default 1,000 in CI, else 40; more are made on Postgres itself), from `RUNLEDGER_FUZZ_SEED`; a failure prints its seed and its smallest input.
 */
import type { ExecutionErrorCode } from '@runledger/contracts';
import { ERRORS } from '@runledger/contracts';
import { connectSupabase, createLedger } from '@runledger/execution-service';
import { inCi } from '@runledger/local-stack';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApiFixture } from './fixtures/api-fixture.ts';
import { FOREIGN, NEVER } from './fixtures/foreign-words.ts';
import type { Known } from './fixtures/hostile.ts';
import { inputs, toText } from './fixtures/hostile.ts';
import type { Procedure } from './fixtures/procedures.ts';
import { callProcedure, procedures } from './fixtures/procedures.ts';

const RUNS = Number(process.env.RUNLEDGER_FUZZ_RUNS ?? inCi(1_000, 40));
const DATABASE = RUNS > 1_000 ? ({ kind: 'postgres-17' } as const) : {};
/** Of a procedure that takes nothing. */
const RUNS_WITHOUT_INPUT = 20;
const SEED = process.env.RUNLEDGER_FUZZ_SEED === undefined ? undefined : Number(process.env.RUNLEDGER_FUZZ_SEED);

let fixture: ApiFixture;
let anna: TestUser;
let known: Known;
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown) => void unhandled.push(reason);

beforeAll(async () => {
  process.on('unhandledRejection', onUnhandled);
  fixture = await startApiFixture(DATABASE);
  anna = await fixture.signUp('anna', { isOperator: true });
  const ben = await fixture.signUp('ben');
  const { workflow, execution } = anna.client;
  const inputSchema = { type: 'object', required: ['amount'], properties: { amount: { type: 'number', minimum: 1 } } };
  const strict = await workflow.create.mutate({ ...ORDER, inputSchema });
  const open = await workflow.create.mutate(ORDER);
  const bens = await ben.client.workflow.create.mutate(ORDER);
  const start = () => execution.createExecution.mutate({ workflowId: open.id, tags: ['x'], idempotencyKey: 'x' });
  const own = [await start(), await execution.createExecution.mutate({ workflowId: open.id })];
  const others = await ben.client.execution.createExecution.mutate({ workflowId: bens.id });
  const { nextCursor } = await execution.listExecutions.query({ limit: 1 });
  const executionIds = [...own.map(({ id }) => id), others.id];
  known = {
    id: [...executionIds, open.id, strict.id, bens.id],
    // Mostly what refuses a random input, so that few workflows are started.
    workflowId: [...Array.from({ length: 8 }, () => strict.id), open.id, bens.id],
    ids: [executionIds],
    cursor: [nextCursor, null],
    tags: [['x']],
    idempotencyKey: ['x'],
    userId: [anna.id, ben.id],
    namespace: ['default', 'nowhere'],
    temporalNamespace: ['default', 'nowhere'],
    workflowType: [ORDER.workflowType],
    taskQueue: [ORDER.taskQueue],
    timeZone: ['UTC', 'Europe/Berlin', 'Asia/Kathmandu'],
    filter: ['status=failed&from=-24h', 'not=completed&tag=x&colour=red', { tags: ['x'] }],
    from: ['-24h', '2026-01-01T00:00:00Z'],
    to: ['2026-03-01T00:00:00+05:45', '2027-01-01T00:00:00Z'],
  };
});
afterAll(async () => {
  process.off('unhandledRejection', onUnhandled);
  await fixture?.[Symbol.asyncDispose]();
});

/** A URL that is longer does not get past Node's HTTP server. In characters. */
const LONGEST_QUERY = 10_000;

async function takesOrRefuses(procedure: Procedure, json: string | undefined): Promise<void> {
  if (procedure.type === 'query' && json !== undefined && json.length > LONGEST_QUERY) return;
  const headers = { authorization: `Bearer ${anna.token}` };
  const { status, code, message, text } = await callProcedure(fixture.api.fetch, procedure, { json, headers });
  if (status === 200) return;
  expect(Object.keys(ERRORS)).toContain(code);
  expect([code, status]).toEqual([code, ERRORS[code as ExecutionErrorCode].http]);
  expect(NEVER).not.toContain(code);
  expect(message).not.toMatch(FOREIGN);
  expect(text.length).toBeLessThan(40_000);
}

test.each(procedures().map((procedure) => [procedure.path, procedure] as const))(
  '%s answers or refuses in words of ours, whatever it is sent',
  async (_, procedure) => {
    const sent = fc.asyncProperty(inputs(procedure.input, known), (input) => takesOrRefuses(procedure, toText(input)));
    const numRuns = procedure.input ? RUNS : RUNS_WITHOUT_INPUT;
    await fc.assert(sent, { numRuns, ...(SEED === undefined ? {} : { seed: SEED }) });
    expect(unhandled).toEqual([]);
  },
  60_000 + RUNS * 60,
);

test('afterwards the counters are those of the rows, and nothing is left of what is gone', async () => {
  const { url, serviceRoleKey: key, database } = fixture.supabase;
  expect(await createLedger(connectSupabase({ url, key })).findDrift()).toEqual([]);
  const tables = await database.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'execution_id'
      where c.relkind = 'r' and c.relnamespace = 'runledger'::regnamespace
        and c.relname not in ('execution_changes', 'execution_import_rows', 'forwarded_rows')`,
  );
  const orphans = tables.map(
    ({ name }) => `select '${name}' as name from ${name} x where x.execution_id is not null and not exists (
      select from runledger.workflow_executions e where e.id = x.execution_id)`,
  );
  expect(await database.query(orphans.join(' union all '))).toEqual([]);
});
