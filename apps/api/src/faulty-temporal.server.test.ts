/** Whatever stands in for an answer of Temporal, callers are told a sentence of ours within a bounded time, wherever they call. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ApiFixture, TestApi, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApi, startApiFixture } from './fixtures/api-fixture.ts';
import type { Ask } from './fixtures/ask.ts';
import { askWith, codesIn, inputOf } from './fixtures/ask.ts';
import type { FaultyTemporal, TemporalFault } from './fixtures/faulty-temporal.ts';
import { startFaultyTemporal } from './fixtures/faulty-temporal.ts';

/** In every foreign answer below, and in no sentence of ours. */
const SECRET = 'hunter2';
const says = (status: number, text = `${SECRET} at 10.0.0.5:7233`): TemporalFault => ({ status, says: text });

/** What each is to who asked Temporal something, and how a start stands that met it. */
interface Expected {
  fault: TemporalFault;
  code: string;
  start: 'pending' | 'failed';
  /** Ways that are answered, and what the answer has. */
  answers?: Record<string, string>;
}
const FAULTS: Record<string, Expected> = {
  'no answer at all': { fault: 'hangs', code: 'engine_unavailable', start: 'pending' },
  'a connection that is closed': { fault: 'closes', code: 'engine_unavailable', start: 'pending' },
  'away (UNAVAILABLE)': { fault: says(14), code: 'engine_unavailable', start: 'pending' },
  'a fault of its own (INTERNAL)': { fault: says(13), code: 'engine_unavailable', start: 'pending' },
  'too many calls (RESOURCE_EXHAUSTED)': { fault: says(8), code: 'engine_throttled', start: 'pending' },
  'a message too large': {
    fault: says(8, `grpc: received message larger than max (9000000 vs. 4194304) ${SECRET}`),
    code: 'engine_refused',
    start: 'failed',
  },
  'a key that is not accepted (UNAUTHENTICATED)': { fault: says(16), code: 'engine_refused', start: 'pending' },
  'a key that may not (PERMISSION_DENIED)': { fault: says(7), code: 'engine_refused', start: 'pending' },
  'a call that it does not know (UNIMPLEMENTED)': { fault: says(12), code: 'engine_refused', start: 'pending' },
  'an unknown namespace': {
    fault: says(5, `Namespace ${SECRET} is not found.`),
    code: 'engine_refused',
    start: 'failed',
    // What ran in it is lost.
    answers: { 'an end of what is lost': '"result":"ended"' },
  },
};

let fixture: ApiFixture;
let anna: TestUser;
let api: TestApi;
let temporal: FaultyTemporal;
let ask: Ask;
let asOperator: Ask;
let workflowId: string;
let id: string;
let lost: string;
let others: string[];

beforeAll(async () => {
  [fixture, temporal] = await Promise.all([startApiFixture(), startFaultyTemporal()]);
  anna = await fixture.signUp('anna');
  const olga = await fixture.signUp('olga', { isOperator: true });
  ({ id: workflowId } = await anna.client.workflow.create.mutate(ORDER));
  ({ id } = await anna.client.execution.createExecution.mutate({ workflowId }));
  const executions = Array(40).fill({ workflowId });
  const created = await anna.client.execution.createExecutions.mutate({ executions });
  [lost = '', ...others] = created.flatMap((one) => (one.ok ? [one.id] : []));
  const variables = { ...fixture.variables, TEMPORAL_ADDRESS: temporal.address };
  api = await startApi(variables, { mcp: 'write', engineCallMs: 4_000 });
  ask = askWith(api, () => anna.token);
  asOperator = askWith(api, () => olga.token);
});
beforeEach(() => {
  temporal.faults = 0;
});
afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await temporal?.[Symbol.asyncDispose]();
  await fixture?.[Symbol.asyncDispose]();
});

/** What asks Temporal, and has its answer. */
const ASKING: Record<string, () => Promise<string>> = {
  'a cancel': () => ask.post('/trpc/execution.cancelExecution', { id }),
  'a termination': () => ask.post('/trpc/execution.terminateExecution', { id, reason: 'why' }),
  'a signal': () => ask.post('/trpc/execution.signalExecution', { id, name: 'approve' }),
  'a reset': () => ask.post('/trpc/execution.resetExecution', { id, reason: 'why' }),
  'an end of what is lost': () => ask.post('/trpc/execution.endExecution', { id: lost, as: 'failed', reason: 'why' }),
  'a takeover': () =>
    asOperator.post('/trpc/execution.trackExecution', { workflowId, temporalWorkflowId: 'x', userId: anna.id }),
  'a batch': () =>
    ask.post('/trpc/execution.cancelExecution,execution.signalExecution?batch=1', { 0: { id }, 1: { id, name: 'a' } }),
  'a cancel of several': () => ask.post('/trpc/execution.cancelExecutions', { ids: others }),
  'a tool': () => ask.tool('cancel_execution', { id }),
  'a cancel of a router in a host’s': () => ask.nested('execution.cancelExecution', 'POST', { id }),
};

/** What starts: the ledger has admitted it, so its caller gets it as it stands. */
const STARTING: Record<string, () => Promise<string>> = {
  'a start': () => ask.post('/trpc/execution.createExecution', { workflowId }),
  'a rerun': () => ask.post('/trpc/execution.rerunExecution', { id }),
  'a start by a tool': () => ask.tool('create_execution', { workflowId }),
  'a start of a router in a host’s': () => ask.nested('execution.createExecution', 'POST', { workflowId }),
};

const all = (ways: Record<string, () => Promise<string>>) =>
  Promise.all(Object.entries(ways).map(async ([way, asked]) => [way, await asked()] as const));
const FOREIGN = /hunter2|10\.0\.0\.5|127\.0\.0\.1|grpc|ECONN|Deadline|RESOURCE_|larger than max|ServiceError/i;

test.each(Object.entries(FAULTS))('%s is told in a sentence of ours, however it is asked', async (_, expected) => {
  temporal.fault = expected.fault;
  const [asked, started] = await Promise.all([all(ASKING), all(STARTING)]);
  expect(temporal.faults).toBeGreaterThanOrEqual(10);
  for (const [way, answer] of asked) {
    expect(answer, way).not.toMatch(FOREIGN);
    const answered = expected.answers?.[way];
    if (answered !== undefined) {
      expect(answer, way).toContain(answered);
      continue;
    }
    const codes = codesIn(answer).filter((code) => code.startsWith('engine'));
    expect(new Set(codes), `${way}: ${answer.slice(0, 300)}`).toEqual(new Set([expected.code]));
  }
  for (const [way, answer] of started) {
    expect(answer.replaceAll('\\"', '"'), `${way}: ${answer.slice(0, 300)}`).toContain(`"status":"${expected.start}"`);
    // Why a start was refused for good is its owner's to know, in Temporal's words.
    if (expected.start === 'pending') expect(answer, way).not.toMatch(FOREIGN);
  }
});

test('what the ledger alone answers is answered while Temporal hangs, and health says that it does', async () => {
  temporal.fault = 'hangs';
  expect(JSON.parse(await ask.get(`/trpc/execution.getExecution?${inputOf({ id })}`))).toHaveProperty('result');
  const health = await ask.get('/trpc/system.health');
  expect(JSON.parse(health).result.data).toMatchObject({ ledger: true, engine: false });
  expect(health).not.toMatch(FOREIGN);
});
