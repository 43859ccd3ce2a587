import type { Workflow } from '@runledger/contracts';
import { expect, test } from 'vitest';
import { pendingStartOf } from './pending-start.ts';

const WORKFLOW: Workflow = {
  id: '01939c5e-0000-7000-8000-000000000001',
  userId: 'owner',
  name: 'Order',
  description: null,
  temporalNamespace: 'shop',
  workflowType: 'order',
  taskQueue: 'orders',
  inputSchema: null,
  executionTimeout: '1h',
  runTimeout: '5m',
  retryPolicy: { maximumAttempts: 3, initialInterval: '2s' },
  visibility: 'published',
  redact: [],
  archivedAt: null,
  hostId: null,
  createdAt: '2026-11-21T09:00:00+00:00',
  updatedAt: '2026-11-21T09:00:00+00:00',
};

test('a start carries all that the definition says, for the user who asked, under the id of the execution', () => {
  const execution = { id: 'execution-1', input: { amount: 1 }, createdBy: 'anna' };
  expect(pendingStartOf(execution, WORKFLOW)).toEqual({
    executionId: 'execution-1',
    namespace: 'shop',
    temporalWorkflowId: 'execution-1',
    workflowType: 'order',
    taskQueue: 'orders',
    input: { amount: 1 },
    executionTimeout: '1h',
    runTimeout: '5m',
    retryPolicy: { maximumAttempts: 3, initialInterval: '2s' },
    userId: 'anna',
  });
});

test('what a request says of its time stands before what the definition says, each by itself', () => {
  const execution = { id: 'execution-1', input: null, createdBy: 'anna' };
  expect(pendingStartOf(execution, WORKFLOW, { executionTimeout: '10m', startDelayMs: 5 })).toMatchObject({
    executionTimeout: '10m',
    runTimeout: '5m',
    startDelayMs: 5,
  });
  expect(pendingStartOf(execution, WORKFLOW, { runTimeout: '1m' })).toMatchObject({
    executionTimeout: '1h',
    runTimeout: '1m',
  });
});
