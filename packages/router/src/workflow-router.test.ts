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
    expect(created).toMatchObject([[ANNA, { ...definition, temporalNamespace: 'default', visibility: 'private' }]]);
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
    expect(updates).toEqual([[WORKFLOW_ID, ANNA, { name: 'Orders', archived: true }]]);
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
