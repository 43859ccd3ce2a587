import { randomUUID } from 'node:crypto';
import type { Scope } from '@runledger/contracts';
import { testedKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerApi } from './fixtures/open-ledger-api.ts';
import { openLedgerApi } from './fixtures/open-ledger-api.ts';

const HOUR_MS = 3_600_000;

describe.each(testedKinds('pglite', 'postgres-17'))('what a page shows, on %s', (kind) => {
  let api: LedgerApi;
  let reader: ReturnType<LedgerApi['readerOf']>;
  let own: Scope;
  let everyones: Scope;
  let done: string;
  let failed: string;
  let open: string;

  beforeAll(async () => {
    api = await openLedgerApi(kind);
    reader = api.readerOf(api.ada);
    own = { userId: api.ada.id };
    everyones = { ...own, ownedWorkflowId: api.workflow.id };
    const start = async (userId: string, input: object) =>
      (await api.service.createExecution({ workflowId: api.workflow.id, userId, input: input as never })).id;
    done = await start(own.userId, { order: 1, to: 'Rome' });
    await api.service.markCompleted(done, { total: 7 }, 1_000);
    failed = await start(own.userId, { order: 2, to: 'Rome' });
    await api.service.markFailed(failed, { message: 'card 17 refused', type: 'CardError' }, 500);
    open = await start(own.userId, { order: 3 });
    const others = await start(api.bob.id, { order: 4 });
    await api.service.markFailed(others, { message: 'card 18 refused', type: 'CardError' }, 700);
  });
  afterAll(() => api?.close());

  test('an execution comes with its story, who acted, how large it is and by when it should end', async () => {
    const details = await reader.details(own, done, { payloads: true });
    expect(details).toMatchObject({
      ...{ id: done, status: 'completed', input: { order: 1, to: 'Rome' }, output: { total: 7 } },
      ...{ payloads: 'included', health: null, expectedBy: null, failureGroup: null, runs: [] },
      usual: { p50: 1_000, of: 1, whose: 'own' },
      workflow: { name: 'Order' },
    });
    expect(details?.transitions.map(({ toStatus }) => toStatus)).toEqual(['running', 'completed']);
    expect(details?.reports).toEqual([
      expect.objectContaining({ status: 'completed', result: 'applied', reportedAt: expect.any(String) }),
    ]);
    const small = await reader.details(own, done, { payloads: false });
    expect(small).toMatchObject({ input: null, output: null, payloads: 'left_out' });
    expect([small?.inputBytes, small?.outputBytes]).toEqual([details?.inputBytes, details?.outputBytes]);
    expect(small?.inputBytes).toBeGreaterThan(20);
    const running = await reader.details(own, open, { payloads: false });
    expect(Date.parse(running?.expectedBy ?? '') - Date.parse(running?.startedAt ?? '')).toBe(1_000);
  });

  test('an operator reads everybody’s, and nobody does without saying so', async () => {
    const wide: Scope = { userId: api.bob.id, everybody: true };
    const bobs = api.readerOf(api.bob);
    const page = { limit: 10, cursor: null };
    const all = await bobs.list(wide, {}, page);
    expect(all.map(({ createdBy }) => createdBy).toSorted()).toEqual(
      [own.userId, own.userId, own.userId, api.bob.id].toSorted(),
    );
    expect(await bobs.list(wide, { userIds: [own.userId, 'nobody'] }, page)).toHaveLength(3);
    expect(await bobs.list(wide, { userIds: [own.userId] }, page)).toHaveLength(3);
    expect(await bobs.list(wide, { status: ['completed'] }, page)).toHaveLength(1);
    expect(await bobs.list(own, { userIds: [api.bob.id] }, page)).toEqual(expect.objectContaining({ length: 0 }));
    expect(await bobs.count(wide, {})).toMatchObject({ count: 4 });
    expect(await bobs.stats(wide, {})).toMatchObject({ total: 4, failed: 2 });
    expect(await bobs.topFailures(wide, {}, 5)).toMatchObject([{ executions: 2 }]);
    const { groups } = await bobs.failureGroups(wide, {}, 5);
    expect(groups).toMatchObject([{ executions: 2, users: 2 }]);
    const day = {
      from: new Date(Date.now() - HOUR_MS).toISOString(),
      to: new Date(Date.now() + HOUR_MS).toISOString(),
    };
    const { points } = await bobs.series(wide, { ...day, step: '5min' });
    expect(points.reduce((sum, { total }) => sum + total, 0)).toBe(4);
    expect(await bobs.countByHealth(wide)).toMatchObject({ open: 1 });
    expect(await bobs.search(wide, done)).toMatchObject([{ matched: 'id' }]);
    expect(await bobs.details(wide, done, { payloads: true })).toMatchObject({ id: done });
    expect(await bobs.get(wide, done)).toMatchObject({ id: done });
    expect(await bobs.requests(wide, done)).toMatchObject({ requests: [] });
    expect(await bobs.progress(wide, open)).toMatchObject({ progress: { status: 'running' } });
    expect((await bobs.compared(wide, failed, null)).other?.execution.id).toBe(done);
    expect(await bobs.health(wide, open)).toBeNull();
    expect((await bobs.payloads(wide, [done])).size).toBe(1);
  });

  test('nobody else reads it, whatever is asked, unless they own its workflow', async () => {
    const bobs = api.readerOf(api.bob);
    const scope = { userId: api.bob.id };
    expect(await bobs.details(scope, done, { payloads: true })).toBeNull();
    expect(await bobs.detailsWithTimeline(scope, done)).toBeNull();
    expect(await bobs.requests(scope, done)).toBeNull();
    expect(await bobs.progress(scope, done)).toBeNull();
    expect(await bobs.compared(scope, done, null)).toEqual({ one: null, other: null });
    expect(await bobs.search(scope, done)).toEqual([]);
    expect(await bobs.health(scope, open)).toBeNull();
    expect(await bobs.timeline(scope, done)).toBeNull();
    const rows = await reader.list(everyones, { userId: api.bob.id }, { limit: 1, cursor: null });
    const theirs = rows[0]?.id as string;
    expect(await reader.details(everyones, theirs, { payloads: false })).toMatchObject({ id: theirs });
    expect(await reader.get(everyones, theirs)).toMatchObject({ id: theirs });
    expect(await reader.get(own, done, { payloads: false })).toMatchObject({ id: done, input: null, output: null });
    expect(await reader.timeline(everyones, theirs)).toBeNull();
    expect(await reader.health({ ...own, ownedWorkflowId: randomUUID() }, open)).toBeNull();
  });

  test('what is no id of an execution finds nothing and asks nobody', async () => {
    expect(await reader.get(own, 'x')).toBeNull();
    expect(await reader.details(own, 'x', { payloads: true })).toBeNull();
    expect(await reader.requests(own, 'x')).toBeNull();
    expect(await reader.progress(own, 'x')).toBeNull();
    expect(await reader.compared(own, 'x', null)).toEqual({ one: null, other: null });
    expect(await reader.timeline(own, 'x')).toBeNull();
  });

  test('one execution is put beside the last that succeeded, or beside a given one', async () => {
    const { one, other } = await reader.compared(own, failed, null);
    expect([one?.execution.id, other?.execution.id, other?.timeline]).toEqual([failed, done, null]);
    expect((await reader.compared(own, failed, open)).other?.execution.id).toBe(open);
    expect(await reader.compared(own, failed, randomUUID())).toMatchObject({ other: null });
    const read = await reader.detailsWithTimeline(own, failed);
    expect([read?.details.id, read?.timeline]).toEqual([failed, null]);
  });

  test('one box finds an execution by its id and by what went wrong', async () => {
    expect(await reader.search(own, failed)).toMatchObject([{ matched: 'id', row: { id: failed } }]);
    expect(await reader.search(own, 'card 17')).toMatchObject([{ matched: 'text', row: { id: failed } }]);
    expect(await reader.search(own, 'card 18')).toEqual([]);
  });

  test('failures are counted by kind with who was hit; strips and health in one request each', async () => {
    const window = { from: new Date(Date.now() - HOUR_MS).toISOString() };
    const { groups } = await reader.failureGroups(everyones, window, 5);
    expect(groups).toMatchObject([{ executions: 2, trend: 'up', moreThanUsual: expect.any(Boolean) }]);
    const [group] = groups;
    expect((await reader.failureGroups(own, {}, 5)).groups).toMatchObject([{ executions: 1, trend: null }]);
    const to = new Date(Date.now() + HOUR_MS).toISOString();
    const asked = { failureGroup: group?.failureGroup as string, limit: 10 };
    const hit = await reader.failureUsers(everyones, { ...asked, ...window, to });
    expect(hit.users.map(({ userId }) => userId).toSorted()).toEqual([api.ada.id, api.bob.id].toSorted());
    const strips = await reader.recentRuns(own, { workflowIds: [api.workflow.id, api.workflow.id], last: 2 });
    expect(Object.values(strips)).toEqual([[expect.anything(), expect.anything()]]);
    expect(await reader.countByHealth(own, api.workflow.id)).toMatchObject({ open: 1, unchecked: 0 });
    expect(await reader.countByHealth(own, randomUUID())).toMatchObject({ open: 0 });
    const stats = await reader.workflowStats(own.userId, { workflowId: api.workflow.id, ...window, to });
    expect(stats).toMatchObject({ of: 'everyone', total: 4, failed: 2 });
    expect(await reader.workflowStats(api.bob.id, { workflowId: api.workflow.id })).toMatchObject({ of: 'caller' });
    expect(await reader.workflowStats(own.userId, { workflowId: randomUUID() })).toBeNull();
  });

  test('payloads of many are read by their ids, and ended ones counted', async () => {
    const payloads = await reader.payloads(own, [done, open]);
    expect(payloads.get(done)).toEqual({
      ...{ input: { order: 1, to: 'Rome' }, output: { total: 7 } },
      workflow: { id: api.workflow.id, name: 'Order', redact: [] },
    });
    expect((await reader.payloads(everyones, [done])).size).toBe(1);
    expect((await api.readerOf(api.bob).payloads({ userId: api.bob.id }, [done])).size).toBe(0);
    expect(await reader.countEnded(own)).toBe(2);
    expect(await reader.countEnded(own, api.workflow.id)).toBe(2);
    expect(await reader.countEnded(everyones)).toBe(3);
  });

  test('people’s names for workflows and users are told together', async () => {
    const { ledger, workflow, ada, bob } = api;
    const facts = await ledger.describeRows({
      ...{ viewer: ada.id, workflowIds: [workflow.id], userIds: [ada.id], usualOf: [workflow.id] },
    });
    expect(facts.workflows).toEqual({ [workflow.id]: { name: 'Order', redact: [] } });
    expect(facts.usual[workflow.id]).toMatchObject({ p50: 1_000 });
    expect(Object.keys(await ledger.userNames([ada.id, bob.id, randomUUID()], workflow.id)).toSorted()).toEqual(
      [ada.id, bob.id].toSorted(),
    );
  });

  test('whatever has payloads says what its workflow redacts, and hidden errors are not found nor grouped by their words', async () => {
    const { workflows, ada, workflow, ledger } = api;
    const redact = ['/input/to', '/failure'];
    const id = failed;
    await workflows.updateWorkflow(workflow.id, ada.id, { redact }, { mayPublish: true });
    await ledger.reportProgress(ada.id, open, { percent: 5 });
    const shown = { id: workflow.id, name: 'Order', redact };
    expect((await reader.get(own, id))?.workflow).toMatchObject(shown);
    expect((await reader.details(own, id, { payloads: true }))?.workflow).toMatchObject(shown);
    expect((await reader.compared(own, id, null)).one?.execution.workflow).toMatchObject(shown);
    expect((await reader.payloads(own, [id])).get(id)?.workflow).toEqual(shown);
    expect((await reader.progress(own, open))?.workflow).toEqual(shown);
    expect(await reader.progress({ userId: api.bob.id }, open)).toBeNull();
    expect(await reader.search(own, 'card 17')).toEqual([]);
    expect(await reader.count(own, { text: 'card' })).toMatchObject({ count: 0 });
    expect((await reader.failureGroups(own, {}, 10)).groups).toMatchObject([
      { type: 'CardError', message: '[redacted]' },
    ]);
    expect(await reader.topFailures(everyones, {}, 10)).toMatchObject([{ message: '[redacted]' }]);
    await api.service.deleteExecution(failed);
    expect(await reader.topFailures(own, {}, 10)).toEqual([]);
  });

  test('only whoever may reveal it shows again what a workflow redacts', async () => {
    const { workflows, ada, workflow } = api;
    const update = (redact: string[], mayReveal = false) =>
      workflows.updateWorkflow(workflow.id, ada.id, { redact }, { mayReveal, mayPublish: true });
    expect((await update(['/input', '/failure', '/output/a'])).redact).toEqual(['/input', '/failure', '/output/a']);
    for (const less of [
      [],
      ['/input', '/failure'],
      ['/input/to', '/failure', '/output/a'],
      ['/inputs', '/failure', '/output'],
    ])
      await expect(update(less)).rejects.toMatchObject({
        code: less[0] === '/inputs' ? 'invalid_input' : 'permission_denied',
      });
    expect((await update([], true)).redact).toEqual([]);
  });
});
