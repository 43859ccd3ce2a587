import type { ControlRequest, ControlResult, EngineTarget } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { callRouter, refusalOf } from './fake-call.ts';
import {
  ANNA,
  ENDED,
  EXECUTION_ID,
  fakeAnswer,
  fakeContext,
  fakeEngine,
  fakeExecution,
  fakeLedger,
} from './fake-context.ts';

const id = EXECUTION_ID;
const running = { status: 'running', temporalRunId: 'run-1', currentRunId: 'run-1' } as const;
const cancelled = { ...ENDED, status: 'cancelled', errorMessage: 'cancelled by its user' } as const;

/** An engine that answers so, and keeps what it was asked. */
function engineThat(result: ControlResult) {
  const asked: [verb: string, EngineTarget, ControlRequest][] = [];
  const control = (verb: string) => async (target: EngineTarget, request: ControlRequest) => {
    asked.push([verb, target, request]);
    return result;
  };
  return { asked, engine: fakeEngine({ cancel: control('cancel'), terminate: control('terminate') }) };
}

describe('cancelExecution', () => {
  test('a running execution: the ledger notes the request, then Temporal gets it with who and why', async () => {
    const noted: unknown[] = [];
    const { asked, engine } = engineThat('requested');
    const context = fakeContext({
      engine,
      ledger: fakeLedger({
        requestCancel: async (...request) => {
          noted.push(request);
          return fakeAnswer();
        },
      }),
      reader: { get: async () => fakeExecution(running) },
    });
    const answer = await callRouter(context).execution.cancelExecution({ id, reason: 'ordered twice' });
    expect(answer).toMatchObject({ result: 'requested', execution: { id } });
    expect(noted).toEqual([[id, ANNA, 'ordered twice']]);
    const known = { runId: 'run-1', cancel: false };
    const target = { namespace: 'default', temporalWorkflowId: id, firstRunId: 'run-1', known };
    expect(asked).toEqual([['cancel', target, { actor: ANNA, reason: 'ordered twice' }]]);
  });

  test('repeated while the ledger has the request, it is about the run of then and no other', async () => {
    const { asked, engine } = engineThat('gone_on');
    const context = fakeContext({
      engine,
      ledger: fakeLedger({ requestCancel: async () => fakeAnswer() }),
      reader: { get: async () => fakeExecution({ ...running, cancelRequestedAt: '2026-11-21T09:00:00+00:00' }) },
    });
    expect(await callRouter(context).execution.cancelExecution({ id })).toMatchObject({ result: 'requested' });
    expect(asked).toMatchObject([['cancel', { firstRunId: 'run-1' }, { actor: ANNA, runId: 'run-1' }]]);
  });

  test('a pending execution that nothing has started ends in the ledger, without Temporal', async () => {
    const versions = [fakeExecution(), fakeExecution(cancelled)];
    const context = fakeContext({
      ledger: fakeLedger({ requestCancel: async () => fakeAnswer({ status: 'cancelled' }) }),
      reader: { get: async () => versions.shift() ?? null },
    });
    const answer = await callRouter(context).execution.cancelExecution({ id });
    expect(answer).toMatchObject({ result: 'cancelled', execution: { status: 'cancelled' } });
  });

  test('one that ended between the look and the request has ended already', async () => {
    const context = fakeContext({
      ledger: fakeLedger({
        requestCancel: async () => fakeAnswer({ result: 'already_terminal', status: 'completed' }),
      }),
      reader: { get: async () => fakeExecution(running) },
    });
    expect(await callRouter(context).execution.cancelExecution({ id })).toMatchObject({ result: 'already_ended' });
  });

  test.each([
    ['already_closed', 'already_ended'],
    ['not_found', 'unknown_to_engine'],
  ] as const)('Temporal saying %s is answered as %s', async (said, result) => {
    const context = fakeContext({
      engine: engineThat(said).engine,
      ledger: fakeLedger({ requestCancel: async () => fakeAnswer() }),
      reader: { get: async () => fakeExecution(running) },
    });
    expect(await callRouter(context).execution.cancelExecution({ id })).toMatchObject({ result });
  });

  test('Temporal away is an error worth trying again, and says nothing of where Temporal is', async () => {
    const context = fakeContext({
      engine: fakeEngine({
        cancel: () => Promise.reject(new ExecutionError('engine_unavailable', 'connect ECONNREFUSED 10.0.0.7:7233')),
      }),
      ledger: fakeLedger({ requestCancel: async () => fakeAnswer() }),
      reader: { get: async () => fakeExecution(running) },
    });
    const refusal = await refusalOf(callRouter(context).execution.cancelExecution({ id }));
    expect(refusal).toMatchObject({ code: 'SERVICE_UNAVAILABLE', executionCode: 'engine_unavailable' });
    expect(refusal.message).not.toContain('10.0.0.7');
  });
});

describe('terminateExecution', () => {
  test('a running execution is terminated with who and why', async () => {
    const { asked, engine } = engineThat('requested');
    const context = fakeContext({ engine, reader: { get: async () => fakeExecution(running) } });
    const answer = await callRouter(context).execution.terminateExecution({ id, reason: 'it hangs' });
    expect(answer.result).toBe('requested');
    expect(asked).toMatchObject([['terminate', { firstRunId: 'run-1' }, { actor: ANNA, reason: 'it hangs' }]]);
  });

  test('a pending execution is kept from being started', async () => {
    const context = fakeContext({
      ledger: fakeLedger({ requestCancel: async () => fakeAnswer({ status: 'cancelled' }) }),
      reader: { get: async () => fakeExecution() },
    });
    const answer = await callRouter(context).execution.terminateExecution({ id, reason: 'never mind' });
    expect(answer.result).toBe('cancelled');
  });

  test('needs a reason', async () => {
    const refusal = await refusalOf(callRouter(fakeContext()).execution.terminateExecution({ id, reason: ' ' }));
    expect(refusal).toMatchObject({ executionCode: 'invalid_input', fields: { reason: [expect.any(String)] } });
  });
});

describe.each(['cancelExecution', 'terminateExecution'] as const)('%s', (procedure) => {
  const call = (execution: ReturnType<typeof fakeExecution> | null) =>
    callRouter(fakeContext({ reader: { get: async () => execution } })).execution[procedure]({ id, reason: 'why' });

  test('leaves an execution that has ended as it stands', async () => {
    const answer = await call(fakeExecution({ ...ENDED, status: 'completed' }));
    expect(answer).toMatchObject({ result: 'already_ended', execution: { status: 'completed', revision: 1 } });
  });

  test('refuses a direct execution, and says who reports its end', async () => {
    const direct = { engine: 'none', temporalNamespace: null, temporalWorkflowId: null, status: 'running' } as const;
    const refusal = await refusalOf(call(fakeExecution(direct)));
    expect(refusal).toMatchObject({ code: 'CONFLICT', executionCode: 'illegal_transition' });
    expect(refusal.message).toContain('markCancelled');
  });

  test('does not find what is somebody else’s', async () => {
    expect(await refusalOf(call(null))).toMatchObject({ executionCode: 'not_found' });
  });
});
