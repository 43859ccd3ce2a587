import { connectSupabase, createExecutionService } from '@runledger/execution-service';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApi, startApiFixture } from './fixtures/api-fixture.ts';
import { firstEvent } from './fixtures/first-event.ts';
import { refusalOf } from './fixtures/refusal.ts';
import type { TestWorkflowStarter } from './fixtures/start-elsewhere.ts';
import { startElsewhere } from './fixtures/start-elsewhere.ts';

let fixture: ApiFixture;
let olga: TestUser;
let anna: TestUser;
let ben: TestUser;
/** Of Anna, Anna and Ben, oldest first; the first one failed. */
let ids: [string, string, string];
let workflowIds: [string, string];

beforeAll(async () => {
  fixture = await startApiFixture();
  [olga, anna, ben] = await Promise.all([
    fixture.signUp('olga', { isOperator: true }),
    fixture.signUp('anna'),
    fixture.signUp('ben'),
  ]);
  const workflowOf = async ({ client }: TestUser) => (await client.workflow.create.mutate(ORDER)).id;
  workflowIds = [await workflowOf(anna), await workflowOf(ben)];
  const service = createExecutionService(
    connectSupabase({ url: fixture.supabase.url, key: fixture.supabase.serviceRoleKey }),
  );
  const failed = await service.createExecution({ workflowId: workflowIds[0], userId: anna.id });
  await service.markFailed(failed.id, { type: 'CardError', message: 'card 1 declined' }, 50);
  const start = async ({ client }: TestUser, workflowId: string) =>
    (await client.execution.createExecution.mutate({ workflowId, input: { card: '4111 1111' } })).id;
  ids = [failed.id, await start(anna, workflowIds[0]), await start(ben, workflowIds[1])];
  await fixture.supabase.database.query(
    `update auth.users set raw_user_meta_data = '{"name": "Anna A."}' where id = $1`,
    [anna.id],
  );
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const everyone = { of: 'everyone' as const };
const listed = async (user: TestUser, request: object) =>
  (await user.client.execution.listExecutions.query({ ...everyone, ...request })).items.map(({ id }) => id);

describe('an operator', () => {
  test('lists everybody’s executions with what their users are called, page after page', async () => {
    const first = await olga.client.execution.listExecutions.query({ ...everyone, limit: 2 });
    expect(first.items.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    expect(first.items.map(({ userName }) => userName)).toEqual([null, 'Anna A.']);
    const rest = await olga.client.execution.listExecutions.query({ ...everyone, limit: 2, cursor: first.nextCursor });
    expect([rest.items.map(({ id }) => id), rest.nextCursor]).toEqual([[ids[0]], null]);
    expect(await olga.client.execution.getUserNames.query({ ids: [anna.id] })).toEqual([
      { id: anna.id, name: 'Anna A.' },
    ]);
  });

  test('has none of it without asking for everybody’s', async () => {
    expect((await olga.client.execution.listExecutions.query()).items).toEqual([]);
    expect(await olga.client.execution.getStats.query()).toMatchObject({ total: 0 });
  });

  test('sees how everybody’s last ones of a workflow went, and counts them there too', async () => {
    const { execution } = olga.client;
    const [workflowId] = workflowIds;
    const latest = await execution.recentRuns.query({ ...everyone, workflowIds: [...workflowIds] });
    expect(Object.values(latest).map((runs) => runs.map(({ id }) => id))).toEqual([[ids[1], ids[0]], [ids[2]]]);
    expect(await execution.recentRuns.query({ workflowIds: [workflowId] })).toEqual({ [workflowId]: [] });
    expect(await execution.getWorkflowStatistics.query({ ...everyone, workflowId })).toMatchObject({
      ...{ of: 'everyone', total: 2, failed: 1 },
    });
    const counters = await execution.getWorkflowCounters.query(everyone);
    expect(new Map(counters.map((one) => [one.workflowId, one.total]))).toEqual(
      new Map([
        [workflowIds[0], 2],
        [workflowIds[1], 1],
      ]),
    );
    expect(await execution.getWorkflowCounters.query()).toEqual([]);
    // One has failed; the others are open.
    expect(await execution.getRunCount.query(everyone)).toBe(1);
    for (const [n, id] of workflowIds.entries())
      expect(await execution.getRunCount.query({ ...everyone, workflowId: id })).toBe(n === 0 ? 1 : 0);
    expect(await execution.getRunCount.query()).toBe(0);
    expect(await anna.client.execution.getRunCount.query({ ...everyone, workflowId })).toBe(1);
    // Its owner has everybody's without asking, and their own alone by asking.
    const { getWorkflowStatistics } = anna.client.execution;
    expect(await getWorkflowStatistics.query({ workflowId })).toMatchObject({ of: 'everyone', total: 2 });
    expect(await getWorkflowStatistics.query({ workflowId, of: 'caller' })).toMatchObject({ of: 'caller', total: 2 });
    const asked = { workflowId, of: 'caller' as const };
    expect(await refusalOf(ben.client.execution.getWorkflowStatistics.query(asked))).toMatchObject({
      code: 'not_found',
    });
  });

  test('filters by users, origin, status and kind of failure', async () => {
    expect(await listed(olga, { filter: `user=${anna.id}` })).toEqual([ids[1], ids[0]]);
    expect(await listed(olga, { filter: `user=${anna.id}&user=${ben.id}&status=running,pending` })).toEqual([
      ids[2],
      ids[1],
    ]);
    expect(await listed(olga, { filter: 'origin=api' })).toEqual([ids[2], ids[1]]);
    expect(await listed(olga, { filter: 'status=failed' })).toEqual([ids[0]]);
    expect(await listed(olga, { text: 'declined' })).toEqual([ids[0]]);
    expect(await listed(olga, { orderBy: 'duration' })).toEqual([ids[0]]);
    expect(await listed(olga, { workflowId: workflowIds[1] })).toEqual([ids[2]]);
    const { execution } = olga.client;
    const { count } = await execution.countExecutions.query({ ...everyone, filter: 'status=failed' });
    expect([count, (await execution.countExecutions.query(everyone)).count]).toEqual([1, 3]);
  });

  test.each(['unfolded', 'folded'])('counts everybody’s, %s', async (state) => {
    if (state === 'folded') await fixture.supabase.database.query('select runledger.fold_execution_stats(10000)');
    const { execution } = olga.client;
    expect(await execution.getStats.query(everyone)).toMatchObject({ total: 3, failed: 1 });
    expect(await execution.getStats.query({ ...everyone, workflowId: workflowIds[0] })).toMatchObject({ total: 2 });
    const window = { from: new Date(Date.now() - 3_600_000).toISOString(), to: new Date().toISOString() };
    for (const step of ['hour', '5min'] as const) {
      const { points } = await execution.getTimeSeries.query({ ...everyone, ...window, step });
      expect(points.reduce((sum, { total }) => sum + total, 0)).toBe(3);
    }
    expect(await execution.getTopWorkflows.query(everyone)).toMatchObject([
      { workflowId: workflowIds[0], total: 2 },
      { workflowId: workflowIds[1], total: 1 },
    ]);
    expect(await execution.getTopFailures.query(everyone)).toMatchObject([
      { type: 'CardError', executions: 1, lastExecutionId: ids[0] },
    ]);
    const { groups } = await execution.getFailureGroups.query(everyone);
    expect(groups).toMatchObject([{ type: 'CardError', executions: 1, users: 1, lastExecutionId: ids[0] }]);
    const failureGroup = groups[0]?.failureGroup as string;
    const { users } = await execution.getFailureUsers.query({ workflowId: workflowIds[0], failureGroup });
    expect(users).toMatchObject([{ userId: anna.id, name: 'Anna A.' }]);
    expect(await execution.countByHealth.query(everyone)).toMatchObject({ open: 2 });
  });

  test('reads each of them, and finds them by what they are called', async () => {
    const { execution } = olga.client;
    for (const id of ids) {
      expect(await execution.getExecution.query({ id })).toMatchObject({ id });
      expect((await execution.getStory.query({ id })).transitions).not.toEqual([]);
      expect(await execution.explainExecution.query({ id })).toMatchObject({ sentence: expect.any(String) });
      expect(await execution.compareExecutions.query({ id })).toBeDefined();
      expect(await execution.getTimeline.query({ id })).toMatchObject({ state: expect.any(String) });
      await execution.getHealth.query({ id });
      await execution.getProgress.query({ id });
      expect(await execution.getRequests.query({ id })).toMatchObject({ requests: [] });
      expect(await execution.search.query({ ...everyone, text: id })).toMatchObject([{ execution: { id } }]);
    }
    const ofAnna = await execution.search.query({ ...everyone, text: anna.id });
    expect(new Set(ofAnna.map(({ matched, execution: { createdBy } }) => `${matched} ${createdBy}`))).toEqual(
      new Set([`user ${anna.id}`]),
    );
    expect(await anna.client.execution.search.query({ text: anna.id })).toEqual([]);
    expect(await execution.search.query({ ...everyone, text: 'declined' })).toMatchObject([{ matched: 'text' }]);
    expect(await execution.search.query({ text: 'declined' })).toEqual([]);
  });

  test('sees of what a workflow redacts no more than its users', async () => {
    const { database } = fixture.supabase;
    const redact = (pointers: string) =>
      database.query(`update runledger.workflows set redact = $2::text[] where id = $1`, [workflowIds[0], pointers]);
    await redact('{/failure,/input/card}');
    // A process knows for a minute what a workflow redacts.
    await using api = await startApi(fixture.variables);
    const { execution } = api.clientWith(olga.token);
    const answers = await Promise.all([
      execution.listExecutions.query({ ...everyone, status: ['failed'] }),
      execution.getTopFailures.query(everyone),
      execution.getFailureGroups.query(everyone),
      ...ids.slice(0, 2).map((id) => execution.getExecution.query({ id })),
    ]);
    await redact('{}');
    expect(JSON.stringify(answers)).not.toMatch(/declined|4111 1111/);
  });

  test('ends, signals and deletes nobody’s', async () => {
    const { execution } = olga.client;
    for (const id of ids) {
      for (const call of [
        () => execution.cancelExecution.mutate({ id }),
        () => execution.terminateExecution.mutate({ id, reason: 'no' }),
        () => execution.deleteExecution.mutate({ id }),
        () => execution.rerunExecution.mutate({ id }),
      ])
        expect(await refusalOf(call())).toMatchObject({ code: 'not_found' });
    }
  });

  test('watches everybody’s: the list, the counts, one of them', async () => {
    const { execution } = olga.client;
    const snapshot = await firstEvent(execution.watchExecutions, everyone);
    expect(snapshot.data).toMatchObject({ kind: 'snapshot', items: [{ id: ids[2] }, { id: ids[1] }, { id: ids[0] }] });
    expect((await firstEvent(execution.watchStats, everyone)).data).toMatchObject({ total: 3 });
    expect((await firstEvent(execution.watchExecution, { id: ids[1] })).data).toMatchObject({ kind: 'execution' });
    // Told since the snapshot, of whoever it is.
    await fixture.supabase.database.query(`update runledger.workflow_executions set tags = '{late}' where id = $1`, [
      ids[2],
    ]);
    const changes = await new Promise((resolve, reject) => {
      const subscription = execution.watchExecutions.subscribe(
        { ...everyone, lastEventId: snapshot.id },
        {
          onData({ data }) {
            if (data.kind !== 'changes' || data.changes.length === 0) return;
            resolve(data.changes);
            subscription.unsubscribe();
          },
          onError: reject,
        },
      );
    });
    expect(changes).toMatchObject([{ execution: { id: ids[2] }, fits: true }]);
  });

  test('exports everybody’s, without payloads', async () => {
    const exported = (query: string, { token }: TestUser) =>
      fetch(`${fixture.api.url}/export.ndjson?${query}`, { headers: { authorization: `Bearer ${token}` } });
    const lines = (await (await exported(`of=everyone&user=${anna.id}&user=${ben.id}`, olga)).text()).trim();
    expect(lines.split('\n').map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(ids.toReversed());
    expect((await exported('of=everyone&payloads=true', olga)).status).toBe(403);
    expect((await exported('of=everyone', anna)).status).toBe(403);
    expect(await (await exported(`user=${ben.id}`, anna)).text()).toBe('');
  });
});

describe('whoever is no operator', () => {
  test('is refused everybody’s, also by what they say of themselves', async () => {
    const { execution } = anna.client;
    const window = { from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' };
    const calls: [() => Promise<unknown>, string][] = [
      [() => execution.listExecutions.query(everyone), 'permission_denied'],
      [() => execution.countExecutions.query(everyone), 'permission_denied'],
      [() => execution.search.query({ ...everyone, text: ids[2] }), 'permission_denied'],
      [() => execution.getTopWorkflows.query(everyone), 'permission_denied'],
      [() => firstEvent(execution.watchExecutions, everyone), 'permission_denied'],
      [() => firstEvent(execution.watchStats, everyone), 'permission_denied'],
      [() => execution.getStats.query(everyone), 'not_found'],
      [() => execution.getStats.query({ ...everyone, workflowId: workflowIds[1] }), 'not_found'],
      [() => execution.getTimeSeries.query({ ...everyone, ...window }), 'not_found'],
      [() => execution.getTopFailures.query(everyone), 'not_found'],
      [() => execution.getFailureGroups.query(everyone), 'not_found'],
      [() => execution.countByHealth.query(everyone), 'not_found'],
      [() => execution.recentRuns.query({ ...everyone, workflowIds: [...workflowIds] }), 'permission_denied'],
      [() => execution.getWorkflowStatistics.query({ ...everyone, workflowId: workflowIds[1] }), 'not_found'],
    ];
    for (const [call, code] of calls) expect(await refusalOf(call())).toMatchObject({ code });
  });

  test('finds nothing by somebody else’s id, and their own by their own', async () => {
    const { execution } = anna.client;
    for (const filter of [`user=${ben.id}`, `userId=${ben.id}`, `user=${ben.id}&user=${olga.id}`]) {
      expect((await execution.listExecutions.query({ filter })).items).toEqual([]);
      expect(await execution.countExecutions.query({ filter })).toMatchObject({ count: 0 });
      const { data } = await firstEvent(execution.watchExecutions, { filter });
      expect(data).toMatchObject({ items: [] });
    }
    const own = await execution.listExecutions.query({ filter: `user=${ben.id}&user=${anna.id}` });
    expect(own.items.map(({ id }) => id)).toEqual([ids[1], ids[0]]);
  });
});

// Last: it adds executions of Anna's.
describe('an operator takes over what was started elsewhere', () => {
  let temporal: TestWorkflowStarter;
  beforeAll(async () => {
    temporal = await startElsewhere(fixture);
  });
  afterAll(() => temporal?.close());
  const track = (request: object, { client } = olga) =>
    client.execution.trackExecution.mutate({ workflowId: workflowIds[0], userId: anna.id, ...request } as never);

  test('as an execution of the user that they name, running, once', async () => {
    const started = await temporal.start('imported-order');
    const { result, execution } = await track({ temporalWorkflowId: 'imported-order' });
    expect(result).toBe('tracked');
    expect(new Date(execution.startedAt).toISOString()).toBe(started.startedAt);
    expect(execution).toMatchObject({
      createdBy: anna.id,
      status: 'running',
      temporalWorkflowId: 'imported-order',
      temporalRunId: started.runId,
    });
    const { id } = execution;
    expect(await track({ temporalWorkflowId: 'imported-order', runId: started.runId })).toMatchObject({
      result: 'already_tracked',
      execution: { id },
    });
    const { transitions } = await anna.client.execution.getStory.query({ id });
    expect(transitions.map(({ fromStatus, toStatus, source }) => [fromStatus, toStatus, source])).toEqual([
      [null, 'running', 'user'],
    ]);
    expect((await anna.client.execution.getExecution.query({ id })).origin).toBe('adopted');
  });

  test('also after its end, where its run is named', async () => {
    const { runId } = await temporal.start('ended-order');
    await temporal.terminate('ended-order');
    expect(await refusalOf(track({ temporalWorkflowId: 'ended-order' }))).toMatchObject({
      code: 'illegal_transition',
      message: expect.stringContaining(`name its run: runId ${runId}`),
    });
    expect(await track({ temporalWorkflowId: 'ended-order', runId })).toMatchObject({
      result: 'tracked',
      execution: { status: 'terminated', outcomeAuthority: 'engine' },
    });
  });

  test('and says why it cannot be, with nothing recorded', async () => {
    await temporal.start('a-refund', 'refund');
    const before = await fixture.ledger();
    const refused = async (request: object, user = olga) => {
      const { code, message } = await refusalOf(track(request, user));
      return `${code}: ${message}`;
    };
    expect(await refused({ temporalWorkflowId: 'never-started' })).toMatch(/^not_found: Temporal knows no workflow/);
    expect(await refused({ temporalWorkflowId: 'a-refund' })).toMatch(/^invalid_input: .*type refund in Temporal/);
    expect(await refused({ temporalWorkflowId: 'a-refund', workflowId: workflowIds[1] })).toMatch(
      /^not_found: .*workflow/,
    );
    expect(await refused({ temporalWorkflowId: 'imported-order', userId: 'nobody' })).toMatch(/^not_found/);
    expect(await refused({ temporalWorkflowId: 'imported-order' }, anna)).toMatch(/^permission_denied: Only operators/);
    expect(await fixture.ledger()).toEqual(before);
  });
});
