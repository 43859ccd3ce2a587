import type { EndLost, LossLedger, Resolution } from '@runledger/contracts';
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
  fakeRequests,
} from './fake-context.ts';

const running = fakeExecution({ status: 'running', temporalRunId: 'run-1', startBy: null, revision: 7 } as never);
const request = { id: EXECUTION_ID, as: 'failed', reason: 'deleted in Temporal' } as const;
const gone: Resolution = { kind: 'not_found', reason: 'Temporal does not know it' };
const open = { kind: 'open', open: { engineStatus: 'RUNNING' } } as unknown as Resolution;

function endWith(
  given: {
    execution?: typeof running;
    resolution?: Resolution | Error;
    hasNamespace?: boolean;
    answer?: 'applied' | 'conflict';
  } = {},
) {
  const { execution = running, resolution = gone, hasNamespace = true, answer = 'applied' } = given;
  const items: EndLost[] = [];
  const endLost: LossLedger['endLost'] = async (given) => {
    items.push(...given);
    return given.map(() => fakeAnswer({ result: answer }));
  };
  const context = fakeContext({
    reader: { get: async () => execution },
    ledger: fakeLedger({ ...fakeRequests(execution).ledger, endLost }),
    engine: fakeEngine({
      async resolve() {
        if (resolution instanceof Error) throw resolution;
        return resolution;
      },
      hasNamespace: async () => hasNamespace,
    }),
  });
  return { items, ending: callRouter(context).execution.endExecution(request) };
}

describe('endExecution', () => {
  test('ends what Temporal does not know at this moment, by its owner’s word, unless it has changed meanwhile', async () => {
    const { items, ending } = endWith();
    expect(await ending).toMatchObject({ result: 'ended' });
    expect(items).toEqual([
      { executionId: EXECUTION_ID, status: 'failed', reason: 'deleted in Temporal', actor: ANNA, unknownAtRevision: 7 },
    ]);
    const late = endWith({ answer: 'conflict' });
    expect(await refusalOf(late.ending)).toMatchObject({ code: 'CONFLICT' });
  });

  test('ends nothing that Temporal knows', async () => {
    const { items, ending } = endWith({ resolution: open });
    expect(await refusalOf(ending)).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('running') });
    expect(items).toEqual([]);
  });

  test('takes a namespace that is gone for knowing nothing, and a refusal of anything else for no answer', async () => {
    const refused = new ExecutionError('engine_refused', 'Could not read workflow: Namespace shop is not found.');
    expect(await endWith({ resolution: refused, hasNamespace: false }).ending).toMatchObject({ result: 'ended' });
    const forbidden = endWith({ resolution: refused, hasNamespace: true });
    await expect(forbidden.ending).rejects.toThrow();
    expect(forbidden.items).toEqual([]);
  });

  test('asks again while Temporal is away', async () => {
    const away = endWith({ resolution: new ExecutionError('engine_unavailable', 'down') });
    await expect(away.ending).rejects.toThrow();
    expect(away.items).toEqual([]);
  });

  test('changes nothing of what is settled, and refuses a direct execution', async () => {
    const settled = endWith({ execution: fakeExecution({ ...ENDED, status: 'completed' } as never) });
    expect(await settled.ending).toMatchObject({ result: 'already_ended' });
    const direct = fakeExecution({ engine: 'none', temporalNamespace: null, temporalWorkflowId: null });
    expect(await refusalOf(endWith({ execution: direct }).ending)).toMatchObject({ code: 'CONFLICT' });
    expect(settled.items).toEqual([]);
  });
});

describe('getHealth', () => {
  const healthWith = (proof: { at: string; periodMs: number } | null, health: object | null) =>
    callRouter(
      fakeContext({
        reader: { get: async () => running, health: async () => health as never },
        ledger: fakeLedger({ getProof: async () => proof as never }),
      }),
    ).execution.getHealth({ id: EXECUTION_ID });
  const live = { health: 'live', reason: null, remedy: null, checkedAt: '2026-11-21T09:00:00Z' };
  const fresh = { at: new Date().toISOString(), periodMs: 300_000 };

  test('is what the last check found while a monitor follows the namespace', async () => {
    expect(await healthWith(fresh, live)).toEqual(live);
    expect(await healthWith(fresh, null)).toBeNull();
  });

  test('is not live where nobody follows the namespace, and says since when', async () => {
    const stale = { at: '2026-11-21T09:00:00Z', periodMs: 300_000 };
    expect(await healthWith(stale, live)).toMatchObject({
      health: 'late',
      reason: expect.stringContaining('No monitor follows the namespace default since 2026-11-21'),
      checkedAt: live.checkedAt,
    });
    expect(await healthWith(null, null)).toMatchObject({
      health: 'late',
      reason: expect.stringContaining('none ever'),
    });
    expect(await healthWith(null, { ...live, health: 'wedged', reason: 'x is undefined' })).toMatchObject({
      health: 'wedged',
      reason: expect.stringContaining('x is undefined'),
    });
  });
});
