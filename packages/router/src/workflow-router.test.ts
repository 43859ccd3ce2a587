import { describe, expect, test } from 'vitest';
import { callRouter, refusalOf } from './fake-call.ts';
import { ANNA, BEN, fakeContext, fakeWorkflow, fakeWorkflows, WORKFLOW_ID } from './fake-context.ts';

const definition = { name: 'Order', workflowType: 'order', taskQueue: 'orders' };

describe('workflows are defined only over what the host lists', () => {
  test('a listed type and queue, for the caller', async () => {
    const created: unknown[] = [];
    const workflows = fakeWorkflows({
      createWorkflow: async (...request) => {
        created.push(request);
        return fakeWorkflow();
      },
    });
    await callRouter(fakeContext({ workflows })).workflow.create(definition);
    expect(created).toMatchObject([
      [
        ANNA,
        { ...definition, temporalNamespace: 'default', visibility: 'private' },
        { mayPublish: false, atMost: 1_000 },
      ],
    ]);
  });

  test.each([
    ['type', { workflowType: 'deleteEverything' }],
    ['task queue', { taskQueue: 'root' }],
    ['namespace', { temporalNamespace: 'production' }],
  ])('another %s is not startable', async (_, other) => {
    const refusal = await refusalOf(callRouter(fakeContext()).workflow.create({ ...definition, ...other }));
    expect(refusal).toMatchObject({ code: 'FORBIDDEN', executionCode: 'not_startable' });
  });

  test('an update to another type is not startable, checked together with what stays', async () => {
    const workflows = fakeWorkflows({ getWorkflow: async () => fakeWorkflow() });
    const call = callRouter(fakeContext({ workflows })).workflow;
    const refusal = await refusalOf(call.update({ id: WORKFLOW_ID, workflowType: 'deleteEverything' }));
    expect(refusal.executionCode).toBe('not_startable');
  });
});

describe('a workflow’s schema is checked when it is written', () => {
  const inputSchema = { pattern: '^(?!a)' };
  const refused = {
    executionCode: 'schema_rejected',
    fields: { 'inputSchema.pattern': [expect.stringContaining('linear')] },
  };

  test('at its creation', async () => {
    expect(await refusalOf(callRouter(fakeContext()).workflow.create({ ...definition, inputSchema }))).toMatchObject(
      refused,
    );
  });

  test('at an update', async () => {
    const workflows = fakeWorkflows({ getWorkflow: async () => fakeWorkflow() });
    const call = callRouter(fakeContext({ workflows })).workflow;
    expect(await refusalOf(call.update({ id: WORKFLOW_ID, inputSchema }))).toMatchObject(refused);
  });
});

describe('update', () => {
  test('changes what is given and nothing else', async () => {
    const updates: unknown[] = [];
    const workflows = fakeWorkflows({
      getWorkflow: async () => fakeWorkflow({ workflowType: 'no longer listed' }),
      updateWorkflow: async (...request) => {
        updates.push(request);
        return fakeWorkflow({ name: 'Orders' });
      },
    });
    const call = callRouter(fakeContext({ workflows })).workflow;
    await call.update({ id: WORKFLOW_ID, name: 'Orders', archived: true });
    expect(updates).toEqual([[WORKFLOW_ID, ANNA, { name: 'Orders', archived: true }, expect.anything()]]);
  });

  test('is the owner’s alone, also where others may use the workflow', async () => {
    const workflows = fakeWorkflows({
      getWorkflow: async () => fakeWorkflow({ userId: BEN, visibility: 'published' }),
    });
    const call = callRouter(fakeContext({ workflows })).workflow;
    expect(await refusalOf(call.update({ id: WORKFLOW_ID, name: 'mine now' }))).toMatchObject({
      code: 'FORBIDDEN',
      executionCode: 'permission_denied',
    });
  });

  test('of a workflow that the caller cannot see finds nothing', async () => {
    const workflows = fakeWorkflows({ getWorkflow: async () => null });
    const call = callRouter(fakeContext({ workflows })).workflow;
    expect(await refusalOf(call.update({ id: WORKFLOW_ID, name: 'x' }))).toMatchObject({ executionCode: 'not_found' });
  });
});

describe('what others may start is written by who may publish, and by nobody else', () => {
  const offered = fakeWorkflow({ visibility: 'published' });
  const calls = (isOperator: boolean, workflow = offered) =>
    callRouter(
      fakeContext({
        isOperator,
        workflows: fakeWorkflows({
          getWorkflow: async () => workflow,
          createWorkflow: async () => workflow,
          updateWorkflow: async () => workflow,
        }),
      }),
    ).workflow;
  type Calls = ReturnType<typeof calls>;

  const publishing: [string, (workflow: Calls) => Promise<unknown>, typeof offered?][] = [
    ['publishes a new one', (workflow) => workflow.create({ ...definition, visibility: 'published' })],
    [
      'publishes a private one',
      (workflow) => workflow.update({ id: WORKFLOW_ID, visibility: 'published' }),
      fakeWorkflow(),
    ],
    ['changes a published one', (workflow) => workflow.update({ id: WORKFLOW_ID, name: 'The official one' })],
    [
      'takes a published one out of the archive',
      (workflow) => workflow.update({ id: WORKFLOW_ID, archived: false }),
      { ...offered, archivedAt: '2026-11-21T09:00:00+00:00' },
    ],
  ];
  test.each(publishing)('who %s', async (_, call, workflow) => {
    await call(calls(true, workflow));
    expect(await refusalOf(call(calls(false, workflow)))).toMatchObject({
      code: 'FORBIDDEN',
      executionCode: 'permission_denied',
      message: expect.stringContaining('ask an operator'),
    });
  });

  test.each([{ visibility: 'private' as const }, { archived: true }])(
    '%j withdraws it without a right',
    async (update) => {
      await calls(false).update({ id: WORKFLOW_ID, ...update });
    },
  );

  test('the host may say otherwise', async () => {
    const context = fakeContext({ workflows: fakeWorkflows({ createWorkflow: async () => offered }) });
    const call = callRouter(context, { mayPublish: ({ userId }) => userId === ANNA }).workflow;
    await call.create({ ...definition, visibility: 'published' });
  });
});
