import { randomUUID } from 'node:crypto';
import type { Admission, ExecutionWithWorkflow, Json, PendingTimeline, Workflow } from '@runledger/contracts';
import { storableJson } from '@runledger/contracts';
import { otherSchemaVersion, testedKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRun, completedOutcome as outcome } from './fixtures/engine-words.ts';
import type { LedgerApi } from './fixtures/open-ledger-api.ts';
import { openLedgerApi } from './fixtures/open-ledger-api.ts';

describe.each(testedKinds('pglite', 'postgres-17'))('on %s', (kind) => {
  let api: LedgerApi;
  beforeAll(async () => {
    api = await openLedgerApi(kind);
  });
  afterAll(() => api.close());

  async function admit(more: object = {}): Promise<Admission> {
    const admission = await api.ledger.admit({
      workflow: api.workflow,
      userId: api.ada.id,
      input: { b: 1, a: [2, { d: 1, c: null }] },
      tags: [],
      metadata: {},
      idempotencyKey: null,
      startWithinMs: 60_000,
      ...more,
    });
    if (!admission) throw new Error('the workflow has changed');
    return admission;
  }

  test('an execution is admitted as pending under the id that Temporal will know', async () => {
    const { execution, created } = await admit();
    expect(created).toBe(true);
    expect(execution).toMatchObject({ status: 'pending', temporalWorkflowId: execution.id, temporalRunId: null });
    expect(await api.ledger.pendingStarts('default', 0, 100)).toContainEqual(
      expect.objectContaining({
        executionId: execution.id,
        namespace: 'default',
        workflowType: 'order',
        taskQueue: 'demo',
        userId: api.ada.id,
      }),
    );
  });

  test('an idempotency key knows an input by its content, not by the order of its keys', async () => {
    const idempotencyKey = randomUUID();
    const first = await admit({ idempotencyKey });
    const second = await admit({ idempotencyKey, input: { a: [2, { c: null, d: 1 }], b: 1 } });
    expect([second.created, second.execution.id]).toEqual([false, first.execution.id]);
    await expect(admit({ idempotencyKey, input: {} })).rejects.toMatchObject({ code: 'conflict' });
  });

  test('several are admitted in one call, each answered in its place', async () => {
    const kept = storableJson('{"account":9223372036854775807}', 10_000);
    const request = {
      ...{ workflow: api.workflow, userId: api.ada.id, tags: [], metadata: {}, startWithinMs: 60_000 },
      ...{ input: { n: 1 }, idempotencyKey: null },
    };
    const idempotencyKey = randomUUID();
    const answers = await api.ledger.admitEach(api.ada.id, [
      { ...request, idempotencyKey },
      { ...request, input: (kept as { value: Json }).value },
      { ...request, workflow: { ...api.workflow, id: randomUUID() } },
      { ...request, workflow: { ...api.workflow, updatedAt: '2020-01-01T00:00:00Z' } },
      { ...request, idempotencyKey },
      { ...request, idempotencyKey, input: { n: 2 } },
    ]);
    expect(answers).toMatchObject([
      { created: true, execution: { status: 'pending', input: { n: 1 } } },
      { code: 'invalid_input' },
      { code: 'not_found' },
      null,
      { created: false, execution: { id: (answers[0] as Admission).execution.id } },
      { code: 'conflict' },
    ]);
    expect(await api.ledger.admitEach(api.ada.id, [])).toEqual([]);
    await expect(api.ledger.admitEach(api.ada.id, Array(1_001).fill(request))).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  test('starts that come together have answers of their own, also where one of them is refused', async () => {
    const admissions = await Promise.allSettled([
      admit(),
      admit({ workflow: { ...api.workflow, id: randomUUID() } }),
      admit({ input: 7 }),
      admit(),
    ]);
    expect(admissions.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    const [first, , second, third] = admissions.map((one) => (one.status === 'fulfilled' ? one.value.execution : null));
    expect(second?.input).toBe(7);
    const open = (id = '') =>
      api.ledger.recordStart({ open: { executionId: id, source: 'service', open: openRun(`run of ${id}`) } });
    const recorded = await Promise.all([open(first?.id), open(randomUUID()), open(second?.id)]);
    expect(recorded).toMatchObject([
      { answer: { result: 'applied' }, execution: { id: first?.id, status: 'running' } },
      { answer: { result: 'not_found' }, execution: null },
      { answer: { result: 'applied' }, execution: { id: second?.id, status: 'running' } },
    ]);
    const refused = { ...outcome('none'), status: 'failed' as const, runId: null, firstRunId: null, runs: [] };
    const ended = await api.ledger.recordStart({
      outcome: { executionId: third?.id as string, source: 'service', outcome: refused },
    });
    expect(ended).toMatchObject({ execution: { id: third?.id, status: 'failed' } });
  });

  test('how the database and its API are set up is told', async () => {
    const { workflows } = api;
    await workflows.createWorkflow(api.ada.id, { name: 'Told', workflowType: 'told', taskQueue: 'told' });
    const installation = await api.ledger.installation();
    expect(installation.schemaVersion).toBe(installation.neededSchemaVersion);
    expect(installation.taskQueues).toContainEqual({ namespace: 'default', taskQueue: 'told', workflows: 1 });
    expect(await api.ledger.rowLimit(20)).toBe(20);
  });

  test('nothing is admitted to an archived workflow or for an unknown user', async () => {
    const workflow = await api.workflows.createWorkflow(api.ada.id, { name: 'Old', workflowType: 't', taskQueue: 'q' });
    const archived = await api.workflows.updateWorkflow(workflow.id, api.ada.id, { archived: true });
    await expect(admit({ workflow: archived })).rejects.toMatchObject({ code: 'not_startable' });
    await expect(admit({ userId: 'nobody' })).rejects.toMatchObject({ code: 'unknown_user' });
    await expect(admit({ workflow: { ...workflow, id: randomUUID() } })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('nothing is admitted by a workflow as it was before its last change, whatever changed', async () => {
    const { ledger, workflows, ada } = api;
    const request = {
      userId: ada.id,
      input: null,
      tags: [],
      metadata: {},
      idempotencyKey: null,
      startWithinMs: 60_000,
    };
    let workflow = await workflows.createWorkflow(ada.id, { name: 'One', workflowType: 't', taskQueue: 'q' });
    const changes = [{ name: 'Two' }, { inputSchema: { type: 'number' } }, { archived: true }, { archived: false }];
    for (const change of changes) {
      const changed = await workflows.updateWorkflow(workflow.id, ada.id, change);
      expect(await ledger.admit({ ...request, workflow })).toBeNull();
      workflow = changed;
    }
    const before = { ...workflow };
    await api.supabase.database.query(`update runledger.workflows set visibility = 'published' where id = $1`, [
      workflow.id,
    ]);
    expect(await ledger.admit({ ...request, workflow: before })).toBeNull();
    const now = (await workflows.getWorkflow(workflow.id, ada.id)) as Workflow;
    expect(await ledger.admit({ ...request, workflow: now })).toMatchObject({ created: true });
    expect(await api.service.getStats(workflow.id, { userId: ada.id })).toMatchObject({ total: 1 });
  });

  test('what came of a start is recorded and read in one call', async () => {
    const { execution } = await admit();
    const started = { executionId: execution.id, source: 'service' as const, open: openRun('run-of-a-start') };
    const first = await api.ledger.recordStart({ open: started });
    expect(first.answer).toMatchObject({ executionId: execution.id, result: 'applied', status: 'running' });
    const { workflow: _, input: __, ...row } = (await api.service.getExecution(execution.id)) as ExecutionWithWorkflow;
    expect(first.execution).toEqual(row);
    const refused = await admit();
    const failed = { ...outcome('r'), status: 'failed' as const, runId: null };
    const ended = await api.ledger.recordStart({
      outcome: { executionId: refused.execution.id, source: 'service', outcome: failed },
    });
    expect(ended).toMatchObject({ answer: { result: 'applied' }, execution: { status: 'failed', closingRunId: null } });
    const nobody = await api.ledger.recordStart({ open: { ...started, executionId: randomUUID() } });
    expect(nobody).toMatchObject({ answer: { result: 'not_found' }, execution: null });
  });

  test('numbers that a double cannot hold reach every column to the last digit, past an API that parses doubles', async () => {
    const kept = storableJson('{"id":9223372036854775807,"sum":0.12345678901234567890,"all":1e400}', 10_000);
    const { value } = kept as { value: Json };
    const run = randomUUID();
    const { id } = await api.service.createExecution({
      workflowId: api.workflow.id,
      userId: api.ada.id,
      temporalWorkflowId: randomUUID(),
      temporalRunId: run,
    });
    await api.ledger.recordOutcomes([
      {
        executionId: id,
        source: 'feed',
        outcome: outcome(run, { output: value, failure: { type: null, message: 'x', details: [value] } }),
      },
    ]);
    const pending = (await api.ledger.pendingTimelines('default', 1_000)).find((item) => item.executionId === id);
    const step = { kind: 'activity', name: 'a', runId: run, status: 'failed', attempts: 1 } as const;
    const at = '2026-01-01T00:00:00Z';
    const failure = { type: null, message: 'x', details: [value] };
    await api.ledger.saveTimelines([
      {
        pending: pending as PendingTimeline,
        timeline: {
          steps: [{ ...step, scheduledAt: at, startedAt: at, endedAt: at, failure }],
          omitted: {},
          activitiesExecuted: 1,
          state: 'complete',
        },
      },
    ]);
    const [row] = await api.supabase.database.query<Record<string, string>>(
      `select e.output::text as output, (e.failure #> '{details,0}')::text as details,
              (t.steps #> '{0,failure,details,0}')::text as step
         from runledger.workflow_executions e join runledger.execution_timelines t on t.execution_id = e.id where e.id = $1`,
      [id],
    );
    const exact = `{"id": 9223372036854775807, "all": 1${'0'.repeat(400)}, "sum": 0.12345678901234567890}`;
    expect(row).toEqual({ output: exact, details: exact, step: exact });
  });

  test('nothing is admitted whose input a reader would hand on rounded', async () => {
    const kept = storableJson('{"lines":[{"account":9223372036854775807}]}', 10_000);
    await expect(admit({ input: (kept as { value: Json }).value })).rejects.toMatchObject({
      code: 'invalid_input',
      fields: { 'input.lines.0.account': [expect.stringContaining('double')] },
    });
  });

  test('mark and the monitor leave the same row, apart from who says so', async () => {
    const create = () =>
      api.service.createExecution({
        workflowId: api.workflow.id,
        userId: api.ada.id,
        temporalWorkflowId: randomUUID(),
        temporalRunId: 'run-1',
        startedAt: '2026-01-01T00:00:00Z',
      });
    const marked = await create();
    await api.service.updateExecutionById(marked.id, {
      status: 'completed',
      output: { ok: true },
      completedAt: '2026-01-01T00:00:05Z',
      durationMs: 5000,
    });
    const monitored = await create();
    await api.ledger.recordOutcomes([{ executionId: monitored.id, source: 'watch', outcome: outcome('run-1') }]);
    const comparable = async (id: string) => {
      const {
        id: _,
        temporalWorkflowId,
        startedAt,
        recordedAt,
        outcomeAuthority,
        engineStartedAt,
        firstTaskAt,
        ...rest
      } = (await api.service.getExecutionById(id)) as NonNullable<
        Awaited<ReturnType<typeof api.service.getExecutionById>>
      >;
      return { ...rest, said: outcomeAuthority !== null, recorded: recordedAt !== null, durationMs: 5000 };
    };
    expect(await comparable(marked.id)).toEqual(await comparable(monitored.id));
  });

  test('starts and outcomes are recorded in a batch, answered in order, once', async () => {
    const executions = await Promise.all([admit(), admit(), admit()]);
    const items = executions
      .map(({ execution }, i) => ({ executionId: execution.id, source: 'service' as const, open: openRun(`run-${i}`) }))
      .toReversed();
    expect((await api.ledger.recordOpen(items)).map(({ result, executionId }) => [result, executionId])).toEqual(
      items.map(({ executionId }) => ['applied', executionId]),
    );
    expect((await api.ledger.recordOpen(items)).map(({ result }) => result)).toEqual([
      'unchanged',
      'unchanged',
      'unchanged',
    ]);
    const ends = items.map(({ executionId, open }) => ({
      executionId,
      source: 'watch' as const,
      outcome: outcome(open.runId),
    }));
    expect((await api.ledger.recordOutcomes(ends)).map(({ result }) => result)).toEqual([
      'applied',
      'applied',
      'applied',
    ]);
    expect((await api.ledger.recordOutcomes(ends)).map(({ result, authority }) => [result, authority])).toEqual(
      Array(3).fill(['already_terminal', 'engine']),
    );
    expect(await api.service.getExecutionById(ends[0]?.executionId as string)).toMatchObject({
      durationMs: 5000,
      firstTaskAt: expect.any(String),
    });
  });

  test('empty batches cost no call, too large ones are refused', async () => {
    expect(await api.ledger.recordOpen([])).toEqual([]);
    expect(await api.ledger.recordOutcomes([])).toEqual([]);
    expect(await api.ledger.findRuns('default', [])).toEqual([]);
    expect(await api.ledger.adopt([])).toEqual([]);
    expect(await api.ledger.usualDurations([])).toEqual([]);
    expect(await api.ledger.unsettledByIds('default', [])).toEqual([]);
    expect(await api.ledger.saveChecks([])).toBeUndefined();
    await expect(
      api.ledger.findRuns('default', Array(1001).fill({ temporalWorkflowId: 'x', runId: 'x' })),
    ).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  test('what is unsettled is followed, checked and gone once it is settled', async () => {
    const { execution } = await admit();
    const [row] = await api.ledger.unsettledByIds('default', [execution.id]);
    expect(row).toMatchObject({
      executionId: execution.id,
      namespace: 'default',
      workflowId: api.workflow.id,
      temporalWorkflowId: execution.id,
      firstRunId: null,
      status: 'pending',
      reportedForMs: null,
      isPastStartBy: false,
    });
    expect((await api.ledger.unsettled('default', 1000)).map(({ executionId }) => executionId)).toContain(execution.id);
    expect((await api.ledger.dueChecks('default', 1000)).map(({ executionId }) => executionId)).toContain(execution.id);
    await api.ledger.saveChecks([
      { executionId: execution.id, health: 'live', reason: null, remedy: null, nextCheckInMs: 60_000 },
    ]);
    expect((await api.ledger.dueChecks('default', 1000)).map(({ executionId }) => executionId)).not.toContain(
      execution.id,
    );
    await api.ledger.recordOutcomes([{ executionId: execution.id, source: 'watch', outcome: outcome('r') }]);
    expect(await api.ledger.unsettledByIds('default', [execution.id])).toEqual([]);
  });

  test('a cancel request is answered with where the execution stands', async () => {
    const { execution } = await admit();
    expect(await api.ledger.requestCancel(execution.id, api.ada.id, 'no')).toMatchObject({
      result: 'applied',
      status: 'cancelled',
    });
    expect(await api.ledger.requestCancel(randomUUID(), api.ada.id, 'no')).toMatchObject({
      result: 'not_found',
      status: null,
    });
  });

  test.each(['cancel', 'terminate'] as const)(
    'what was to be stopped before it had started is known as a %s',
    async (kind) => {
      const { execution } = await admit();
      const [noted] = await api.ledger.noteRequests(api.ada.id, [
        { id: randomUUID(), executionId: execution.id, kind, reason: 'a duplicate' },
      ]);
      const at = noted?.execution.cancelRequestedAt as string;
      expect(await api.ledger.stopKind(execution.id, at)).toBe(kind);
      // Another request of later is not the one that marked it.
      const other = kind === 'cancel' ? 'terminate' : 'cancel';
      await api.ledger.recordOpen([{ executionId: execution.id, source: 'service', open: openRun(execution.id) }]);
      await api.ledger.noteRequests(api.ada.id, [
        { id: randomUUID(), executionId: execution.id, kind: other, reason: 'no' },
      ]);
      expect(await api.ledger.stopKind(execution.id, at)).toBe(kind);
      expect(await api.ledger.stopKind(randomUUID(), at)).toBe('cancel');
    },
  );

  test('changes are read after a cursor', async () => {
    const { cursor } = await api.ledger.changesSince(null, 10);
    const { execution } = await admit();
    const told = { executionId: execution.id, userId: api.ada.id, workflowId: api.workflow.id };
    // An older transaction of the server, and other tests have some, holds the cursor back before what was told already,
    // and holds back what is committed now.
    const ofIt = async () =>
      (await api.ledger.changesSince(cursor, 1_000)).changes.filter((change) => change.executionId === execution.id);
    await expect.poll(ofIt).toEqual([{ ...told, revision: 1, deleted: false }]);
    expect(await api.ledger.trimChanges()).toBe(0);
  });

  test('ping answers, and says which migration is missing', async () => {
    await expect(api.ledger.ping()).resolves.toBeUndefined();
    await using _ = await otherSchemaVersion(api.supabase.database, -1);
    await expect(api.ledger.ping()).rejects.toMatchObject({
      code: 'schema_outdated',
      message: expect.stringContaining('supabase/migrations'),
    });
  });
});

describe('what a caller of the API reads', () => {
  let api: LedgerApi;
  beforeAll(async () => {
    api = await openLedgerApi('pglite');
  });
  afterAll(() => api.close());

  test('is in the caller’s scope, whatever id or filter is asked for', async () => {
    const create = (userId: string) => api.service.createExecution({ workflowId: api.workflow.id, userId });
    const own = await create(api.bob.id);
    const foreign = await create(api.ada.id);
    const reader = api.readerOf(api.bob);
    const scope = { userId: api.bob.id };
    expect(await reader.get(scope, own.id)).toMatchObject({ id: own.id, workflow: { name: 'Order' } });
    expect(await reader.get(scope, foreign.id)).toBeNull();
    expect(await reader.get(scope, 'no uuid')).toBeNull();
    const list = await reader.list(scope, { workflowId: api.workflow.id }, { limit: 50, cursor: null });
    expect(list.map(({ id }) => id)).toEqual([own.id]);
    expect((await reader.stats(scope, { workflowId: api.workflow.id })).total).toBe(1);
    await api.service.markCompleted(own.id);
    expect(await reader.countEnded(scope)).toBe(1);
    expect(await reader.countEnded(scope, api.workflow.id)).toBe(1);
    expect(await reader.countEnded({ userId: api.ada.id })).toBe(0);
  });

  test('the owner of a workflow reads all executions of it, and of no other', async () => {
    const theirs = await api.service.createExecution({ workflowId: api.workflow.id, userId: api.bob.id });
    const reader = api.readerOf(api.ada);
    const scope = { userId: api.ada.id, ownedWorkflowId: api.workflow.id };
    expect(await reader.get(scope, theirs.id)).toMatchObject({ id: theirs.id });
    expect((await reader.list(scope, {}, { limit: 50, cursor: null })).map(({ id }) => id)).toContain(theirs.id);
    expect(
      (await reader.stats(scope, { from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' })).total,
    ).toBeGreaterThan(1);
    const other = await api.workflows.createWorkflow(api.bob.id, {
      name: 'Private',
      workflowType: 't',
      taskQueue: 'q',
    });
    const hidden = await api.service.createExecution({ workflowId: other.id, userId: api.bob.id });
    expect(await reader.get(scope, hidden.id)).toBeNull();
  });
});

describe('workflows', () => {
  let api: LedgerApi;
  beforeAll(async () => {
    api = await openLedgerApi('pglite');
  });
  afterAll(() => api.close());

  test('a user sees their own and the published ones, and changes their own only', async () => {
    const secret = await api.workflows.createWorkflow(api.ada.id, {
      name: 'Secret',
      workflowType: 't',
      taskQueue: 'q',
    });
    const names = async (userId: string) => (await api.workflows.listWorkflows(userId)).items.map(({ name }) => name);
    expect(await names(api.ada.id)).toEqual(['Order', 'Secret']);
    expect(await names(api.bob.id)).toEqual(['Order']);
    expect(await names('a","or(id.not.is.null')).toEqual(['Order']);
    expect(await api.workflows.getWorkflow(secret.id, api.bob.id)).toBeNull();
    expect(await api.workflows.getWorkflow('no uuid', api.ada.id)).toBeNull();
    expect(await api.workflows.getWorkflow(secret.id, api.ada.id)).toMatchObject({
      name: 'Secret',
      visibility: 'private',
    });
    await expect(api.workflows.updateWorkflow(secret.id, api.bob.id, { name: 'Mine' })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(api.workflows.updateWorkflow('no uuid', api.bob.id, { name: 'Mine' })).rejects.toMatchObject({
      code: 'not_found',
    });
    const updated = await api.workflows.updateWorkflow(secret.id, api.ada.id, {
      name: 'Told',
      inputSchema: { type: 'object' },
      retryPolicy: { maximumAttempts: 3 },
      runTimeout: '5m',
    });
    expect(updated).toMatchObject({
      name: 'Told',
      inputSchema: { type: 'object' },
      retryPolicy: { maximumAttempts: 3 },
      runTimeout: '5m',
      description: null,
    });
    expect((await api.workflows.updateWorkflow(secret.id, api.ada.id, { archived: true })).archivedAt).not.toBeNull();
    expect((await api.workflows.updateWorkflow(secret.id, api.ada.id, { archived: false })).archivedAt).toBeNull();
  });

  test('a backend publishes where it says that it may, and the database refuses where it does not', async () => {
    const input = { name: 'Shared', workflowType: 't', taskQueue: 'q', visibility: 'published' as const };
    await expect(api.workflows.createWorkflow(api.bob.id, input)).rejects.toMatchObject({
      code: 'permission_denied',
      message: expect.stringContaining('Publishing a workflow'),
    });
    const { id } = await api.workflows.createWorkflow(api.bob.id, { ...input, visibility: 'private' });
    const update = (changes: object, mayPublish = false) =>
      api.workflows.updateWorkflow(id, api.bob.id, changes, { mayPublish });
    await expect(update({ visibility: 'published' })).rejects.toMatchObject({ code: 'permission_denied' });
    await update({ visibility: 'published' }, true);
    await expect(update({ name: 'The official one' })).rejects.toMatchObject({ code: 'permission_denied' });
    await update({ archived: true });
    await expect(update({ archived: false })).rejects.toMatchObject({ code: 'permission_denied' });
    await update({ archived: false, visibility: 'private', name: 'Mine' });
    await expect(
      api.bob.supabase.rpc('create_workflow', { p_user_id: api.bob.id, p_workflow: input, p_may_publish: true }),
    ).resolves.toMatchObject({ error: { code: '42501' } });
    await expect(
      api.bob.supabase.from('workflows').update({ visibility: 'published' }).eq('id', id),
    ).resolves.toMatchObject({ error: { code: '42501' } });
    await update({ archived: true });
  });

  test.each([{ name: '' }, { name: 'x', workflowType: 't', taskQueue: 'q', runTimeout: 'soon' }, {}])(
    '%j is no workflow',
    async (input) => {
      await expect(api.workflows.createWorkflow(api.ada.id, input as never)).rejects.toMatchObject({
        code: 'invalid_input',
      });
    },
  );
});
