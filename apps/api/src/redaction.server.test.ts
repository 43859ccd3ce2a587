/** What a workflow redacts: in no answer of any procedure, stream, export, tool of an agent, or line of the log. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { connectSupabase, createExecutionService } from '@runledger/execution-service';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { ApiFixture, TestApi, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApi, startApiFixture } from './fixtures/api-fixture.ts';
import { callProcedure, procedures } from './fixtures/procedures.ts';
import { refusalOf } from './fixtures/refusal.ts';

/** Every secret begins so. */
const MARK = 's3cret';
const REDACT = ['/input/card', '/output/*/token', '/failure', '/stateSnapshot', '/metadata/note', '/progress'];
const INPUT = { card: { number: `${MARK}-card` }, items: [{ price: 3 }] };
const FAILURE = { type: 'CardError', message: `${MARK}-message`, stack: `${MARK}-stack`, details: [`${MARK}-detail`] };

/** Owners see rows, and a codec server decodes nothing. */
const PUBLIC = { publishing: { maySeeRows: () => true }, decoder: { decode: async () => null } };

let fixture: ApiFixture;
/** The same ledger for a host that shows operators what is redacted. */
let showing: TestApi;
const lines: string[] = [];
let anna: TestUser;
let ids: { workflow: string; completed: string; failed: string; stopped: string; open: string };

const service = () =>
  createExecutionService(connectSupabase({ url: fixture.supabase.url, key: fixture.supabase.serviceRoleKey }));
const query = (sql: string, values: unknown[]) => fixture.supabase.database.query(sql, values);

beforeAll(async () => {
  const log = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) });
  fixture = await startApiFixture({ log, mcp: 'write', ...PUBLIC });
  showing = await startApi({ ...fixture.variables, RUNLEDGER_SEES_REDACTED: 'operators' }, { ...PUBLIC });
  anna = await fixture.signUp('anna', { isOperator: true });
  const { id: workflow } = await anna.client.workflow.create.mutate({ ...ORDER, redact: REDACT });
  ids = { workflow, ...(await plant(workflow)) };
}, 120_000);
afterAll(async () => {
  await showing?.[Symbol.asyncDispose]();
  await fixture?.[Symbol.asyncDispose]();
});

/** Executions with a secret in every place that may hold a payload. */
async function plant(workflowId: string) {
  const given = { workflowId, userId: anna.id, input: INPUT, metadata: { note: `${MARK}-note`, kept: 1 } };
  const completed = await service().createExecution(given);
  await service().markCompleted(completed.id, { first: { token: `${MARK}-token`, kept: 1 } });
  const failed = await service().createExecution({ ...given, temporalWorkflowId: 'order-1', temporalRunId: 'run-1' });
  await service().updateExecutionById(failed.id, { stateSnapshot: { at: `${MARK}-state` } });
  await service().reportProgress(failed.id, { percent: 10, message: `${MARK}-progress` });
  await service().markFailed(failed.id, { ...FAILURE, cause: FAILURE });
  const stopped = await service().createExecution(given);
  await service().markTimedOut(stopped.id, `${MARK}-stopped`);
  const step = {
    ...{ kind: 'activity', name: 'charge', runId: 'run-1', status: 'failed', attempts: 3, failure: FAILURE },
    summary: `${MARK}-summary`,
    ...{ scheduledAt: '2026-11-01T00:00:00Z', startedAt: null, endedAt: '2026-11-01T00:00:01Z' },
  };
  await query(
    `insert into runledger.execution_timelines (execution_id, created_by, temporal_namespace, state, steps, read_at)
       values ($1, $2, 'default', 'complete', $3, now())
       on conflict (execution_id) do update set state = 'complete', steps = excluded.steps, read_at = now()`,
    [failed.id, anna.id, JSON.stringify([step])],
  );
  await query(
    `insert into runledger.execution_runs (execution_id, run_id, created_by, cause, status, started_at, error_message)
       values ($1, 'run-2', $2, 'retry', 'failed', now(), $3)`,
    [failed.id, anna.id, `${MARK}-run`],
  );
  const open = await anna.client.execution.createExecution.mutate({ workflowId, input: INPUT, idempotencyKey: 'one' });
  await service().updateExecutionById(open.id, { metadata: given.metadata });
  await service().reportProgress(open.id, { percent: 10, message: `${MARK}-progress` });
  await query(
    `update runledger.execution_checks set health = 'late', last_check_at = now(), reason = $2 where execution_id = $1`,
    [open.id, `Its activity charge has failed 3 times, the last time with: ${MARK}-reason`],
  );
  return { completed: completed.id, failed: failed.id, stopped: stopped.id, open: open.id };
}

/** Asked by an operator, whom this host does not show what is redacted. */
const EVERYONE = { of: 'everyone' };
type Inputs = (Record<string, unknown> | undefined)[];
const each = (more: object = {}): Inputs =>
  [ids.completed, ids.failed, ids.stopped, ids.open].map((id) => ({ ...more, id }));
const start = () => ({ workflowId: ids.workflow, input: INPUT, idempotencyKey: 'one' });

/** How every procedure is called, those that end something last; one that is missing here fails. */
const calls: Record<string, () => Inputs> = {
  'execution.createExecution': () => [start(), { ...start(), idempotencyKey: 'two', metadata: { note: MARK } }],
  'execution.createExecutions': () => [{ executions: [start()] }],
  'execution.getExecution': () => [...each(), ...each({ payloads: false })],
  'execution.getStory': each,
  'execution.decodePayloads': each,
  'execution.getUserNames': () => [{ ids: [anna.id] }],
  'execution.explainExecution': each,
  'execution.getFailureGroups': () => [{}, EVERYONE, { workflowId: ids.workflow, of: 'everyone' }],
  'execution.getFailureUsers': () => [{ workflowId: ids.workflow, failureGroup: '0'.repeat(16) }],
  'execution.recentRuns': () => [{ workflowIds: [ids.workflow] }],
  'execution.countByHealth': () => [{}],
  'execution.compareExecutions': () => [...each(), { id: ids.failed, with: ids.open }],
  'execution.search': () => [MARK, ids.failed].flatMap((text) => [{ text }, { text, ...EVERYONE }]),
  'execution.getHealth': each,
  'execution.getTimeline': each,
  'execution.listExecutions': () => [{}, EVERYONE, { text: MARK }, { status: ['failed'] }],
  'execution.listWorkflowExecutions': () => [{ workflowId: ids.workflow }],
  'execution.countExecutions': () => [{ text: MARK }, { text: MARK, ...EVERYONE }],
  'execution.countWorkflowExecutions': () => [{ workflowId: ids.workflow, text: MARK }],
  'execution.getStats': () => [{}],
  'execution.getWorkflowStatistics': () => [{ workflowId: ids.workflow }],
  'execution.getTimeSeries': () => [{ from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }],
  'execution.getTopWorkflows': () => [{}],
  'execution.getTopFailures': () => [{}, EVERYONE, { workflowId: ids.workflow, of: 'everyone' }],
  'execution.getWorkflowCounters': () => [{}],
  'execution.getRunCount': () => [{}, EVERYONE],
  'execution.watchExecution': each,
  'execution.watchExecutions': () => [{}, EVERYONE],
  'execution.watchStats': () => [{}],
  'execution.getQuotas': () => [{}],
  'execution.getProgress': each,
  'execution.getRequests': each,
  'execution.listViews': () => [undefined],
  'execution.getView': () => [{ id: crypto.randomUUID() }],
  'execution.saveView': () => [{ name: 'Failed', filter: 'status=failed' }],
  'execution.deleteView': () => [{ id: crypto.randomUUID() }],
  'key.create': () => [{ name: 'python', scopes: ['read'] }],
  'key.list': () => [undefined],
  'key.revoke': () => [{ id: crypto.randomUUID() }],
  'workflow.list': () => [{}],
  'workflow.get': () => [{ id: ids.workflow }],
  'workflow.create': () => [{ ...ORDER, redact: REDACT }],
  'workflow.update': () => [{ id: ids.workflow, name: 'Orders' }],
  'system.health': () => [undefined],
  'system.getProof': () => [{}],
  'system.getNamespaces': () => [undefined],
  'execution.reportProgress': () => each({ percent: 20 }),
  'execution.rerunExecution': () => [{ id: ids.open }],
  'execution.rerunExecutions': () => [{ ids: [ids.open, ids.failed] }],
  'execution.signalExecution': () => each({ name: 'approve' }),
  'execution.signalExecutions': () => [{ ids: [ids.open], name: 'approve' }],
  'execution.resetExecution': () => each({ reason: 'r' }),
  'execution.resetExecutions': () => [{ ids: [ids.open], reason: 'r' }],
  'execution.cancelExecution': () => each(),
  'execution.cancelExecutions': () => [{ ids: [ids.open] }],
  'execution.trackExecution': () => [{ workflowId: ids.workflow, temporalWorkflowId: ids.open }],
  'execution.endExecution': () => each({ as: 'failed', reason: 'r' }),
  'execution.endExecutions': () => [{ ids: [ids.open], as: 'failed', reason: 'r' }],
  'execution.terminateExecution': () => each({ reason: 'r' }),
  'execution.terminateExecutions': () => [{ ids: [ids.open], reason: 'r' }],
  'execution.deleteExecution': () => each(),
  'execution.deleteExecutions': () => [{ ids: [ids.completed] }],
};

/** Those that would answer with a secret: to whom the host lets see it they do, so that silence here means something. */
const SHOWING = [
  'createExecution',
  'getExecution',
  'getStory',
  'decodePayloads',
  'explainExecution',
  'search',
  'getHealth',
  'getTimeline',
  'listExecutions',
  'listWorkflowExecutions',
  'watchExecution',
  'watchExecutions',
  'getProgress',
  'rerunExecution',
].map((name) => `execution.${name}`);

const byPath = new Map(procedures().map((procedure) => [procedure.path, procedure]));

/** What an API answers to all calls of a procedure, as text. */
async function answersOf(api: TestApi, path: string): Promise<string> {
  const procedure = byPath.get(path);
  const texts: string[] = [];
  for (const input of calls[path]?.() ?? []) {
    const answer = await callProcedure(api.fetch, procedure as NonNullable<typeof procedure>, {
      json: input && JSON.stringify(input),
      headers: { authorization: `Bearer ${anna.token}` },
    });
    texts.push(answer.text);
  }
  return texts.join('\n');
}

describe('what is redacted', () => {
  test('every procedure is in the table above', () => {
    expect(Object.keys(calls).sort()).toEqual([...byPath.keys()].sort());
  });

  test('is answered to whoever the host lets see it, by each procedure that has it', async () => {
    for (const path of SHOWING)
      expect([path, await answersOf(showing, path)]).toEqual([path, expect.stringContaining(MARK)]);
  });

  test('is in no export, and is in that of whoever may see it', async () => {
    for (const format of ['csv', 'ndjson'])
      for (const payloads of ['true', 'false']) {
        const read = async ({ url }: TestApi) => {
          const headers = { authorization: `Bearer ${anna.token}` };
          return (await fetch(`${url}/export.${format}?payloads=${payloads}`, { headers })).text();
        };
        const text = await read(fixture.api);
        expect(text).toContain(ids.failed);
        expect(text).toContain('[redacted]');
        expect(text).not.toContain(MARK);
        expect(await read(showing)).toContain(MARK);
      }
  });

  test('is told to no agent', async () => {
    const agent = new Client({ name: 'test', version: '1' });
    const requestInit = { headers: { authorization: `Bearer ${anna.token}` } };
    const transport = new StreamableHTTPClientTransport(new URL(`${fixture.api.url}/mcp`), { requestInit });
    await agent.connect(transport as Parameters<typeof agent.connect>[0]);
    onTestFinished(() => agent.close());
    for (const name of ['list_executions', 'search', 'get_failures'])
      expect(JSON.stringify(await agent.callTool({ name, arguments: { text: MARK } }))).not.toContain(MARK);
    for (const name of ['get_execution', 'explain_execution', 'get_timeline', 'get_health', 'rerun_execution'])
      for (const id of [ids.open, ids.failed])
        expect(JSON.stringify(await agent.callTool({ name, arguments: { id } }))).not.toContain(MARK);
  });

  test('is not found by searching, filtering or counting what it is', async () => {
    const { execution } = anna.client;
    expect(await execution.search.query({ text: `${MARK}-message` })).toEqual([]);
    expect((await execution.listExecutions.query({ text: `${MARK}-message` })).items).toEqual([]);
    expect(await execution.countExecutions.query({ text: `${MARK}-message` })).toMatchObject({ count: 0 });
  });

  test('stands as [redacted] beside what is not, and its size stays', async () => {
    const { execution } = anna.client;
    expect(await execution.getExecution.query({ id: ids.failed })).toMatchObject({
      input: { card: '[redacted]', items: [{ price: 3 }] },
      inputBytes: 60,
      stateSnapshot: '[redacted]',
      errorMessage: '[redacted]',
      failure: { type: 'CardError', message: '[redacted]', cause: { type: 'CardError', message: '[redacted]' } },
      metadata: { note: '[redacted]', kept: 1 },
      workflow: { redact: REDACT },
    });
    expect(await execution.getExecution.query({ id: ids.completed })).toMatchObject({
      output: { first: { token: '[redacted]', kept: 1 } },
    });
    expect(await execution.getProgress.query({ id: ids.open })).toMatchObject({ percent: 10, message: '[redacted]' });
    const { groups } = await execution.getFailureGroups.query({});
    expect(groups.map(({ type }) => type)).toContain('CardError');
    expect(new Set(groups.map(({ message }) => message))).toEqual(new Set(['[redacted]']));
  });
});

describe('a rerun', () => {
  const inputOf = async (id: string) =>
    (await query('select input from runledger.workflow_executions where id = $1', [id]))[0];

  test('with the same input runs with what is redacted, and so does an edited one that leaves the mark', async () => {
    const { execution } = anna.client;
    const same = await execution.rerunExecution.mutate({ id: ids.open });
    expect(await inputOf(same.id)).toEqual({ input: INPUT });
    const { input } = await execution.getExecution.query({ id: ids.open });
    const edited = { ...(input as object), items: [{ price: 4 }] };
    const other = await execution.rerunExecution.mutate({ id: ids.open, input: edited });
    expect(await inputOf(other.id)).toEqual({ input: { ...INPUT, items: [{ price: 4 }] } });
    expect(other.input).toEqual({ card: '[redacted]', items: [{ price: 4 }] });
  });

  test('does not start with a mark in place of a value', async () => {
    for (const input of [
      { card: { number: '[redacted]' } },
      { card: ['[redacted]'] },
      { card: '[redacted]', items: [] },
    ]) {
      const call = anna.client.execution.rerunExecution.mutate({ id: ids.open, input });
      if (input.card === '[redacted]') expect((await inputOf((await call).id))?.input).toEqual({ ...INPUT, items: [] });
      else
        expect(await refusalOf(call)).toMatchObject({ code: 'invalid_input', fields: { input: [expect.any(String)] } });
    }
  });
});

describe('a definition', () => {
  test('hides more by its owner, and less only by who sees it in clear', async () => {
    const [hidden, clear] = [anna.client, showing.clientWith(anna.token)];
    const more = [...REDACT.filter((pointer) => pointer !== '/input/card'), '/input', '/output'];
    const update = (redact: string[]) => ({ id: ids.workflow, redact });
    expect((await hidden.workflow.update.mutate(update(more))).redact).toEqual(more);
    for (const less of [[], ['/input/card'], more.slice(0, -1)])
      expect(await refusalOf(hidden.workflow.update.mutate(update(less)))).toMatchObject({
        code: 'permission_denied',
      });
    expect((await clear.workflow.update.mutate(update(REDACT))).redact).toEqual(REDACT);
  });

  test('is refused where a pointer leads nowhere', async () => {
    for (const pointer of ['input', '/secrets', '/input/~2', `/input${'/a'.repeat(20)}`])
      expect(await refusalOf(anna.client.workflow.create.mutate({ ...ORDER, redact: [pointer] }))).toMatchObject({
        code: 'invalid_input',
      });
  });

  test('counts for lists at once', async () => {
    const { workflow, execution } = anna.client;
    const { id: workflowId } = await workflow.create.mutate({ ...ORDER, name: 'Late' });
    await execution.createExecution.mutate({ workflowId, metadata: { note: 'clear' } });
    const listed = async () => (await execution.listExecutions.query({ workflowIds: [workflowId] })).items[0];
    expect(await listed()).toMatchObject({ metadata: { note: 'clear' } });
    await workflow.update.mutate({ id: workflowId, redact: ['/metadata'] });
    expect(await listed()).toMatchObject({ metadata: { note: '[redacted]' } });
  });
});

// Last, because it deletes what it is about.
test.each(Object.keys(calls))('%s answers nothing that is redacted', async (path) => {
  expect(await answersOf(fixture.api, path)).not.toContain(MARK);
  expect(lines.filter((line) => line.includes(MARK))).toEqual([]);
});
