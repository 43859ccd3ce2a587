import type { ControlRequest, ControlResult, EngineTarget } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { callRouter, refusalOf } from './fake-call.ts';
import {
  ANNA,
  ENDED,
  EXECUTION_ID,
  fakeContext,
  fakeEngine,
  fakeExecution,
  fakeLedger,
  fakeRequests,
} from './fake-context.ts';

const id = EXECUTION_ID;
const running = { status: 'running', temporalRunId: 'run-1', currentRunId: 'run-1' } as const;
const cancelled = { ...ENDED, status: 'cancelled', errorMessage: 'cancelled by its user' } as const;

/** A request about one execution, which the note leaves as `after` says. */
function contextOf(before: ReturnType<typeof fakeExecution> | null, engine = fakeEngine({}), after = before) {
  const { ledger, noted, answers } = fakeRequests(before, after);
  const context = fakeContext({ engine, ledger: fakeLedger(ledger), reader: { get: async () => after } });
  return { noted, answers, router: callRouter(context) };
}

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
    const { asked, engine } = engineThat('requested');
    const { router, noted, answers } = contextOf(fakeExecution(running), engine);
    const answer = await router.execution.cancelExecution({ id, reason: 'ordered twice' });
    expect(answer).toMatchObject({ result: 'requested', execution: { id } });
    expect(noted).toEqual([{ id: expect.any(String), executionId: id, kind: 'cancel', reason: 'ordered twice' }]);
    const known = { runId: 'run-1', cancel: false };
    const target = { namespace: 'default', temporalWorkflowId: id, firstRunId: 'run-1', known };
    expect(asked).toEqual([['cancel', target, { actor: ANNA, reason: 'ordered twice' }]]);
    expect(answers).toEqual(['requested']);
  });

  test('repeated while the ledger has the request, it is about the run of then and no other', async () => {
    const { asked, engine } = engineThat('gone_on');
    const repeated = fakeExecution({ ...running, cancelRequestedAt: '2026-11-21T09:00:00+00:00' });
    const { router } = contextOf(repeated, engine);
    expect(await router.execution.cancelExecution({ id })).toMatchObject({ result: 'requested' });
    expect(asked).toMatchObject([['cancel', { firstRunId: 'run-1' }, { actor: ANNA, runId: 'run-1' }]]);
  });

  test('a pending execution that nothing has started ends in the ledger, without Temporal', async () => {
    const { router } = contextOf(fakeExecution(), fakeEngine({}), fakeExecution(cancelled));
    const answer = await router.execution.cancelExecution({ id });
    expect(answer).toMatchObject({ result: 'cancelled', execution: { status: 'cancelled' } });
  });

  test.each([
    ['already_closed', 'already_ended'],
    ['not_found', 'unknown_to_engine'],
  ] as const)('Temporal saying %s is answered as %s', async (said, result) => {
    const { router, answers } = contextOf(fakeExecution(running), engineThat(said).engine);
    expect(await router.execution.cancelExecution({ id })).toMatchObject({ result });
    expect(answers).toEqual([result]);
  });

  test('Temporal away is an error worth trying again, and says nothing of where Temporal is', async () => {
    const away = fakeEngine({
      cancel: () => Promise.reject(new ExecutionError('engine_unavailable', 'connect ECONNREFUSED 10.0.0.7:7233')),
    });
    const { router, answers } = contextOf(fakeExecution(running), away);
    const refusal = await refusalOf(router.execution.cancelExecution({ id }));
    expect(refusal).toMatchObject({ code: 'SERVICE_UNAVAILABLE', executionCode: 'engine_unavailable' });
    expect(refusal.message).not.toContain('10.0.0.7');
    expect(answers).toEqual(['engine_unavailable']);
  });

  test('an answer that could not be kept is no error to whoever cancelled', async () => {
    const { ledger } = fakeRequests(fakeExecution(running));
    const answerRequests = () => Promise.reject(new ExecutionError('ledger_unavailable', 'fetch failed'));
    const context = fakeContext({
      engine: engineThat('requested').engine,
      ledger: fakeLedger({ ...ledger, answerRequests }),
      reader: { get: async () => fakeExecution(running) },
    });
    expect(await callRouter(context).execution.cancelExecution({ id })).toMatchObject({ result: 'requested' });
  });
});

describe('terminateExecution', () => {
  test('a running execution is terminated with who and why', async () => {
    const { asked, engine } = engineThat('requested');
    const { router, noted } = contextOf(fakeExecution(running), engine);
    const answer = await router.execution.terminateExecution({ id, reason: 'it hangs' });
    expect(answer.result).toBe('requested');
    expect(asked).toMatchObject([['terminate', { firstRunId: 'run-1' }, { actor: ANNA, reason: 'it hangs' }]]);
    expect(noted).toMatchObject([{ kind: 'terminate', reason: 'it hangs' }]);
  });

  test('a pending execution is kept from being started', async () => {
    const { router } = contextOf(fakeExecution(), fakeEngine({}), fakeExecution(cancelled));
    const answer = await router.execution.terminateExecution({ id, reason: 'never mind' });
    expect(answer.result).toBe('cancelled');
  });

  test('needs a reason', async () => {
    const refusal = await refusalOf(callRouter(fakeContext()).execution.terminateExecution({ id, reason: ' ' }));
    expect(refusal).toMatchObject({ executionCode: 'invalid_input', fields: { reason: [expect.any(String)] } });
  });
});

describe('signalExecution', () => {
  test('is noted by its name, and what Temporal is given names the request', async () => {
    const asked: unknown[] = [];
    const engine = fakeEngine({
      async signal(_, request) {
        asked.push(request);
        return 'requested';
      },
    });
    const { router, noted } = contextOf(fakeExecution(running), engine);
    const requestId = '01939c5e-0000-4000-8000-0000000000aa';
    const signal = { id, name: 'approve', input: { by: 'anna' }, requestId };
    expect(await router.execution.signalExecution(signal)).toMatchObject({ result: 'requested' });
    expect(noted).toEqual([{ id: requestId, executionId: id, kind: 'signal', signalName: 'approve' }]);
    expect(asked).toEqual([{ actor: ANNA, name: 'approve', requestId, input: { by: 'anna' } }]);
  });

  test('of what is not started yet is refused, and a name of Temporal’s own too', async () => {
    const { router } = contextOf(fakeExecution(), fakeEngine({ signal: async () => 'not_found' }));
    const early = await refusalOf(router.execution.signalExecution({ id, name: 'approve' }));
    expect(early).toMatchObject({ executionCode: 'illegal_transition' });
    const reserved = await refusalOf(router.execution.signalExecution({ id, name: '__stack_trace' }));
    expect(reserved).toMatchObject({ executionCode: 'invalid_input' });
  });

  test('of a megabyte and more is refused before anything is noted', async () => {
    const { router, noted } = contextOf(fakeExecution(running));
    const large = router.execution.signalExecution({ id, name: 'approve', input: 'x'.repeat(1_000_001) });
    expect(await refusalOf(large)).toMatchObject({ executionCode: 'payload_too_large' });
    expect(noted).toEqual([]);
  });
});

describe('what is asked of several', () => {
  test('is noted in one call, counts as that many calls, and has an answer each in their order', async () => {
    const taken: [string, number][] = [];
    const { ledger, noted } = fakeRequests(fakeExecution(running));
    const ids = [id, '01939c5e-0000-7000-8000-0000000000e2', '01939c5e-0000-7000-8000-0000000000e3'];
    const context = fakeContext({
      limits: {
        take: async (name, _, amount = 1) => void taken.push([name, amount]),
        openStream: () => () => {},
      },
      ledger: fakeLedger({
        ...ledger,
        noteRequests: async (user, requests) =>
          (await ledger.noteRequests(user, requests)).map((answer, n) => (n === 1 ? null : answer)),
      }),
      engine: fakeEngine({
        cancel: async (_, { actor }) => {
          if (noted.length < 3) throw new Error(`${actor} was asked for before all were noted`);
          return 'requested';
        },
      }),
    });
    expect(await callRouter(context).execution.cancelExecutions({ ids })).toEqual([
      { id: ids[0], ok: true, result: 'requested' },
      { id: ids[1], ok: false, code: 'not_found', message: expect.stringContaining('no execution') },
      { id: ids[2], ok: true, result: 'requested' },
    ]);
    const sums = taken.reduce((sum, [name, amount]) => sum.set(name, (sum.get(name) ?? 0) + amount), new Map());
    expect(Object.fromEntries(sums)).toEqual({ requests: 3, writes: 3 });
  });

  test('waits once for a Temporal that is away', async () => {
    const { ledger } = fakeRequests(fakeExecution(running));
    let asked = 0;
    const away = async () => {
      asked += 1;
      throw new ExecutionError('engine_unavailable', 'connect ECONNREFUSED 10.0.0.5');
    };
    const context = fakeContext({ ledger: fakeLedger(ledger), engine: fakeEngine({ cancel: away }) });
    const ids = Array.from({ length: 100 }, (_, n) => `01939c5e-0000-7000-8000-000000000${100 + n}`);
    const answers = await callRouter(context).execution.cancelExecutions({ ids });
    expect(answers).toHaveLength(100);
    for (const answer of answers) expect(answer).toMatchObject({ ok: false, code: 'engine_unavailable' });
    expect(asked).toBeLessThanOrEqual(8);
  });

  test('says nothing of a fault but that there was one', async () => {
    const { ledger } = fakeRequests(fakeExecution(running));
    const engine = fakeEngine({ terminate: () => Promise.reject(new Error('password=hunter2')) });
    const context = fakeContext({ ledger: fakeLedger(ledger), engine });
    const [answer] = await callRouter(context).execution.terminateExecutions({ ids: [id], reason: 'why' });
    expect(answer).toMatchObject({ ok: false, code: 'internal' });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  });

  test('is at most a hundred', async () => {
    const ids = Array.from({ length: 101 }, () => id);
    const refusal = await refusalOf(callRouter(fakeContext()).execution.deleteExecutions({ ids }));
    expect(refusal).toMatchObject({ executionCode: 'invalid_input' });
  });
});

describe.each(['cancelExecution', 'terminateExecution'] as const)('%s', (procedure) => {
  const call = (execution: ReturnType<typeof fakeExecution> | null) =>
    contextOf(execution).router.execution[procedure]({ id, reason: 'why' });

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
