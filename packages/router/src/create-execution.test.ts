import type { AdmitRequest, Failure, Json, RecordOutcome, StartRequest, Workflow } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { callRouter, refusalOf } from './fake-call.ts';
import {
  ANNA,
  BEN,
  ENDED,
  EXECUTION_ID,
  fakeAnswer,
  fakeContext,
  fakeEngine,
  fakeExecution,
  fakeLedger,
  fakeWorkflow,
  fakeWorkflows,
  WORKFLOW_ID,
} from './fake-context.ts';
import { DEFAULT_LIMITS } from './limits.ts';

const started = { kind: 'started', firstRunId: 'run-1', engineStartedAt: null, alreadyStarted: false } as const;
const workflowsWith = (...args: Parameters<typeof fakeWorkflow>) =>
  fakeWorkflows({ getWorkflow: async () => fakeWorkflow(...args) });

describe('what is started', () => {
  test('an admitted execution is started under its own id and recorded as running', async () => {
    const starts: StartRequest[] = [];
    const opened: unknown[] = [];
    const context = fakeContext({
      workflows: workflowsWith({ runTimeout: '5m' }),
      ledger: fakeLedger({
        admit: async (request) => ({ execution: fakeExecution({ input: request.input }), created: true }),
        recordStart: async (start) => {
          opened.push(start);
          return { answer: fakeAnswer(), execution: fakeExecution({ status: 'running', temporalRunId: 'run-1' }) };
        },
      }),
      engine: fakeEngine({
        start: async (request) => {
          starts.push(request);
          return started;
        },
      }),
    });

    const execution = await callRouter(context).execution.createExecution({ workflowId: WORKFLOW_ID, input: { n: 1 } });

    expect(starts).toEqual([
      {
        namespace: 'default',
        temporalWorkflowId: EXECUTION_ID,
        workflowType: 'order',
        taskQueue: 'orders',
        input: { n: 1 },
        executionTimeout: null,
        runTimeout: '5m',
        retryPolicy: null,
        userId: ANNA,
      },
    ]);
    expect(opened).toMatchObject([
      { open: { executionId: EXECUTION_ID, source: 'service', open: { firstRunId: 'run-1', runId: 'run-1' } } },
    ]);
    expect(execution).toMatchObject({ status: 'running', temporalRunId: 'run-1', workflow: { name: 'Order' } });
  });

  test('all that a request and a definition say is handed on: key, deadline, retry policy, user, and the input as it was sent', async () => {
    const admitted: AdmitRequest[] = [];
    const starts: StartRequest[] = [];
    const retryPolicy = { maximumAttempts: 3, initialInterval: '2s' };
    const context = fakeContext({
      // Another user's: it is hers that is started, and counted.
      workflows: workflowsWith({ retryPolicy, executionTimeout: '1h', userId: BEN, visibility: 'published' }),
      ledger: fakeLedger({
        admit: async (request) => {
          admitted.push(request);
          // As a reader of the row has it.
          return { execution: fakeExecution({ input: { a: 1, b: 2 } }), created: true };
        },
        recordStart: async () => ({ answer: fakeAnswer(), execution: fakeExecution({ status: 'running' }) }),
      }),
      engine: fakeEngine({
        start: async (request) => {
          starts.push(request);
          return started;
        },
      }),
    });
    const input = { b: 2, a: 1 };
    await callRouter(context).execution.createExecution({
      workflowId: WORKFLOW_ID,
      input,
      idempotencyKey: 'order-1',
      tags: ['t'],
      metadata: { m: 1 },
    });
    expect(admitted).toMatchObject([
      {
        userId: ANNA,
        input,
        idempotencyKey: 'order-1',
        tags: ['t'],
        metadata: { m: 1 },
        startWithinMs: DEFAULT_LIMITS.startWithinMs,
      },
    ]);
    expect(starts).toMatchObject([{ retryPolicy, executionTimeout: '1h', userId: ANNA }]);
    expect(JSON.stringify(starts[0]?.input)).toBe('{"b":2,"a":1}');
  });

  test.each([
    ['small one goes on without pause', 'x', ['asked, admitted, started, recorded, answered']],
    [
      'large one lets others go between its steps',
      'x'.repeat(100_000),
      ['asked', 'admitted', 'started, recorded', 'answered'],
    ],
  ])('a %s', async (_, input, rounds) => {
    let round: string[] = [];
    const all: string[][] = [];
    const nextRound = () => {
      if (round.length > 0) all.push(round);
      round = [];
    };
    // What somebody else does meanwhile.
    const others = setInterval(nextRound, 0);
    const context = fakeContext({
      workflows: workflowsWith(),
      ledger: fakeLedger({
        admit: async () => {
          round.push('admitted');
          return { execution: fakeExecution(), created: true };
        },
        recordStart: async () => {
          round.push('recorded');
          return { answer: fakeAnswer(), execution: fakeExecution({ status: 'running' }) };
        },
      }),
      engine: fakeEngine({
        start: async () => {
          round.push('started');
          return started;
        },
      }),
    });
    const { execution } = callRouter(context);
    // Whatever is loaded with the first call is none of it.
    await execution.createExecution({ workflowId: WORKFLOW_ID });
    [round, all.length] = [['asked'], 0];
    await execution.createExecution({ workflowId: WORKFLOW_ID, input });
    round.push('answered');
    nextRound();
    clearInterval(others);
    expect(all.map((names) => names.join(', '))).toEqual(rounds);
  });

  test('an idempotency key that was used gives the same execution, not started twice', async () => {
    const starts: StartRequest[] = [];
    const context = fakeContext({
      engine: fakeEngine({
        start: async (request) => {
          starts.push(request);
          return started;
        },
      }),
      workflows: workflowsWith(),
      ledger: fakeLedger({ admit: async () => ({ execution: fakeExecution(), created: false }) }),
    });
    const request = { workflowId: WORKFLOW_ID, idempotencyKey: 'order-1' };
    expect(await callRouter(context).execution.createExecution(request)).toMatchObject({ id: EXECUTION_ID });
    expect(starts).toEqual([]);
  });

  test('a cancel that came before the start follows it', async () => {
    const cancels: unknown[] = [];
    const context = fakeContext({
      workflows: workflowsWith(),
      ledger: fakeLedger({
        admit: async () => ({ execution: fakeExecution(), created: true }),
        recordStart: async () => ({
          answer: fakeAnswer({ cancelRequestedAt: '2026-11-21T09:00:00+00:00' }),
          execution: fakeExecution({ status: 'running' }),
        }),
        stopKind: async () => 'cancel',
      }),
      engine: fakeEngine({
        start: async () => started,
        cancel: async (target) => {
          cancels.push(target);
          return 'requested';
        },
      }),
    });
    await callRouter(context).execution.createExecution({ workflowId: WORKFLOW_ID });
    expect(cancels).toEqual([{ namespace: 'default', temporalWorkflowId: EXECUTION_ID, firstRunId: 'run-1' }]);
  });

  test('a start that Temporal refuses is recorded as failed with type StartRefused, and returned', async () => {
    const outcomes: RecordOutcome[] = [];
    const failure: Failure = { type: null, message: 'namespace not found' };
    const context = fakeContext({
      workflows: workflowsWith(),
      ledger: fakeLedger({
        admit: async () => ({ execution: fakeExecution(), created: true }),
        recordStart: async (start) => {
          if ('outcome' in start) outcomes.push(start.outcome);
          const execution = fakeExecution({ ...ENDED, status: 'failed', errorMessage: 'namespace not found' });
          return { answer: fakeAnswer({ status: 'failed' }), execution };
        },
      }),
      engine: fakeEngine({ start: async () => ({ kind: 'refused', failure }) }),
    });
    const execution = await callRouter(context).execution.createExecution({ workflowId: WORKFLOW_ID });
    expect(execution.status).toBe('failed');
    expect(outcomes).toMatchObject([
      { source: 'service', outcome: { status: 'failed', runId: null, failure: { type: 'StartRefused' } } },
    ]);
  });
});

describe('once it is admitted, the caller always gets the execution', () => {
  const unavailable = new ExecutionError('engine_unavailable', 'connect ECONNREFUSED 10.0.0.7:7233');

  test('pending when Temporal is away: the reconciler drives it on', async () => {
    const context = fakeContext({
      workflows: workflowsWith(),
      ledger: fakeLedger({ admit: async () => ({ execution: fakeExecution(), created: true }) }),
      engine: fakeEngine({ start: () => Promise.reject(unavailable) }),
    });
    const execution = await callRouter(context).execution.createExecution({ workflowId: WORKFLOW_ID });
    expect(execution).toMatchObject({ id: EXECUTION_ID, status: 'pending', workflow: { id: WORKFLOW_ID } });
  });

  test('as it was admitted when the database goes away after the start', async () => {
    const lost = new ExecutionError('ledger_unavailable', 'fetch failed');
    const context = fakeContext({
      workflows: workflowsWith(),
      ledger: fakeLedger({
        admit: async () => ({ execution: fakeExecution(), created: true }),
        recordStart: () => Promise.reject(lost),
      }),
      engine: fakeEngine({ start: async () => started }),
    });
    expect(await callRouter(context).execution.createExecution({ workflowId: WORKFLOW_ID })).toMatchObject({
      id: EXECUTION_ID,
      status: 'pending',
    });
  });
});

describe('a workflow that is known is not read again', () => {
  /** A router over one workflow that its owner may change, with what was asked of both services. */
  function world(workflow: Workflow) {
    const asked: string[] = [];
    const now = { workflow: workflow as Workflow | null };
    const context = fakeContext({
      workflows: fakeWorkflows({
        getWorkflow: async () => {
          asked.push('read');
          return now.workflow;
        },
      }),
      ledger: fakeLedger({
        admit: async (request) => {
          asked.push('admit');
          const isUnchanged = request.workflow.updatedAt === now.workflow?.updatedAt;
          return isUnchanged ? { execution: fakeExecution({ input: request.input }), created: true } : null;
        },
        recordStart: async () => {
          asked.push('record');
          return { answer: fakeAnswer(), execution: fakeExecution({ status: 'running' }) };
        },
      }),
      engine: fakeEngine({ start: async () => started }),
    });
    const router = callRouter(context);
    const create = (input: Json = null) => router.execution.createExecution({ workflowId: WORKFLOW_ID, input });
    return { now, create, asked: () => asked.splice(0) };
  }
  const needsNumber = { type: 'number' };
  const later = '2026-11-21T09:00:01+00:00';

  test('two calls of the ledger start it, three the first time', async () => {
    const { create, asked } = world(fakeWorkflow());
    await create();
    expect(asked()).toEqual(['read', 'admit', 'record']);
    expect(await create()).toMatchObject({ status: 'running' });
    expect(asked()).toEqual(['admit', 'record']);
  });

  test('one that has changed is read again before anything is admitted by it', async () => {
    const { now, create, asked } = world(fakeWorkflow());
    await create('text');
    asked();
    now.workflow = fakeWorkflow({ inputSchema: needsNumber, updatedAt: later });
    expect(await refusalOf(create('text'))).toMatchObject({ executionCode: 'input_rejected' });
    expect(asked()).toEqual(['admit', 'read']);
    expect(await create(1)).toMatchObject({ status: 'running' });
  });

  test('nobody is refused by what it was', async () => {
    const { now, create, asked } = world(fakeWorkflow({ inputSchema: needsNumber }));
    await create(1);
    asked();
    now.workflow = fakeWorkflow({ updatedAt: later });
    expect(await create('text')).toMatchObject({ status: 'running' });
    expect(asked()).toEqual(['read', 'admit', 'record']);
  });

  test('one that is gone, or no longer published, is not found', async () => {
    const { now, create } = world(fakeWorkflow());
    await create();
    now.workflow = null;
    expect(await refusalOf(create())).toMatchObject({ executionCode: 'not_found' });
  });

  test('one that changes at every look is given up, and nothing is started', async () => {
    const { now, create, asked } = world(fakeWorkflow());
    const looks: number[] = [];
    Object.defineProperty(now, 'workflow', {
      get: () => fakeWorkflow({ updatedAt: `2026-11-21T09:00:00.${looks.push(0)}+00:00` }),
    });
    expect(await refusalOf(create())).toMatchObject({ executionCode: 'conflict' });
    expect(asked().filter((call) => call === 'record')).toEqual([]);
  });
});

describe('what is refused before the ledger hears of it', () => {
  const refuse = (workflow: Parameters<typeof fakeWorkflow>[0], request: object = {}) =>
    refusalOf(
      callRouter(fakeContext({ workflows: workflowsWith(workflow) })).execution.createExecution({
        workflowId: WORKFLOW_ID,
        ...request,
      }),
    );

  test('a workflow that is unknown or somebody else’s looks the same', async () => {
    const context = fakeContext({ workflows: fakeWorkflows({ getWorkflow: async () => null }) });
    const refusal = await refusalOf(callRouter(context).execution.createExecution({ workflowId: WORKFLOW_ID }));
    expect(refusal).toMatchObject({ code: 'NOT_FOUND', executionCode: 'not_found' });
    expect(refusal.message).toContain(WORKFLOW_ID);
  });

  test.each([
    ['an archived workflow', { archivedAt: '2026-11-21T09:00:00+00:00' }],
    ['a type that the host does not list', { workflowType: 'deleteEverything' }],
    ['a task queue that the host does not list', { taskQueue: 'root' }],
    ['a namespace that the host does not list', { temporalNamespace: 'production' }],
  ])('%s', async (_, workflow) => {
    expect(await refuse({ ...workflow, userId: BEN, visibility: 'published' })).toMatchObject({
      executionCode: 'not_startable',
    });
  });

  test('input that breaks the schema, with which field and why', async () => {
    const inputSchema = {
      type: 'object',
      properties: { amount: { type: 'number', minimum: 1 } },
      required: ['amount'],
    };
    expect(await refuse({ inputSchema }, { input: { amount: 0 } })).toMatchObject({
      code: 'UNPROCESSABLE_CONTENT',
      executionCode: 'input_rejected',
      fields: { 'input.amount': ['must be >= 1'] },
    });
    expect(await refuse({ inputSchema })).toMatchObject({ fields: { input: ['must be object'] } });
  });

  test('metadata of very many keys and values, however deep', async () => {
    const parts = (n: number) => ({ list: Array.from({ length: n - 3 }, () => 0) });
    const deep = { a: Array.from({ length: 100 }, () => ({ b: { c: [1] } })) };
    for (const metadata of [parts(501), deep, Object.fromEntries(Object.entries(Array(250).fill(0)))])
      expect(await refuse({}, { metadata })).toMatchObject({
        executionCode: 'payload_too_large',
        fields: { metadata: [expect.stringContaining('500 keys and values')] },
      });
    // As many as there may be are no reason.
    expect(await refuse({ inputSchema: { type: 'object' } }, { metadata: parts(500) })).toMatchObject({
      fields: { input: ['must be object'] },
    });
  });

  test('input and metadata that are too large, measured in bytes', async () => {
    expect(await refuse({}, { input: 'é'.repeat(500_000) })).toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
      executionCode: 'payload_too_large',
      fields: { input: [expect.stringContaining('1000002 bytes')] },
    });
    expect(await refuse({}, { metadata: { note: 'x'.repeat(20_000) } })).toMatchObject({
      executionCode: 'payload_too_large',
      fields: { metadata: [expect.any(String)] },
    });
  });

  test('what Postgres cannot keep, with the path', async () => {
    expect(await refuse({}, { input: { lines: ['ok', 'a\0b'] } })).toMatchObject({
      code: 'BAD_REQUEST',
      executionCode: 'invalid_input',
      fields: { 'input.lines.1': [expect.stringContaining('NUL')] },
    });
  });
});
