import type { Resolution } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { ASKED, answer, fakeSettle } from '../fixtures/fake-settle.ts';
import { completedOutcome, openRun, unsettled } from '../fixtures/rows.ts';

const CLOSED: Resolution = { kind: 'closed', outcome: completedOutcome() };
const OPEN: Resolution = { kind: 'open', open: openRun() };

test('a cancel that was asked for while the row was right already is sent on to the open run; nothing is recorded for it', async () => {
  const { settle, recorded, cancelled } = fakeSettle(async () => OPEN);
  expect(await settle(unsettled(ASKED), 'reconciler')).toMatchObject({ kind: 'open', applied: false });
  expect([cancelled, recorded]).toEqual([['anna: too late, run-1'], []]);
});

describe('an end is counted by whoever recorded it', () => {
  test.each(['already_terminal', 'unchanged'] as const)('and not where the ledger answers %s', async (result) => {
    const { settle, counted } = fakeSettle(async () => CLOSED, [answer({ result })]);
    expect(await settle(unsettled(), 'reconciler')).toMatchObject({ kind: 'ended', applied: false, revision: 2 });
    expect(counted).toEqual([]);
  });

  test('with the source that noticed it', async () => {
    const { settle, counted } = fakeSettle(async () => CLOSED);
    await settle(unsettled(), 'feed');
    expect(counted).toEqual(['completed by feed']);
  });
});

test('everybody who asks hears of it, and so do the hints, once for each', async () => {
  const { settle, told } = fakeSettle(async () => OPEN, [answer({ status: 'running' })]);
  await Promise.all([settle(unsettled(), 'watch'), settle(unsettled(), 'feed')]);
  expect(told).toEqual(['execution-1 open', 'execution-1 open']);
});

describe('a cancel that was asked for before its execution had ended', () => {
  test('is sent where the engine says that it runs and the ledger agrees', async () => {
    const { settle, cancelled } = fakeSettle(
      async () => ({ kind: 'open', open: openRun({ runId: 'run-2' }) }),
      [answer({ status: 'running', ...ASKED })],
    );
    await settle(unsettled(ASKED), 'reconciler');
    expect(cancelled).toEqual(['anna: too late, run-2']);
  });

  test('is not sent while a report says that it has ended', async () => {
    const { settle, cancelled } = fakeSettle(async () => OPEN);
    const reported = unsettled({ ...ASKED, status: 'failed', reportedAt: 'now', reportedForMs: 1 });
    expect(await settle(reported, 'watch')).toMatchObject({ kind: 'waiting', forMs: 9_999 });
    expect(cancelled).toEqual([]);
  });
});

describe('a look that fails', () => {
  test('is not what the next one gets: the engine is asked again', async () => {
    const said: (Resolution | Error)[] = [new ExecutionError('engine_unavailable', 'away'), CLOSED];
    const { settle, told } = fakeSettle(async () => {
      const next = said.shift();
      if (next === undefined || next instanceof Error) throw next;
      return next;
    });
    await expect(settle(unsettled(), 'watch')).rejects.toMatchObject({ code: 'engine_unavailable' });
    expect(await settle(unsettled(), 'watch')).toMatchObject({ kind: 'ended', applied: true });
    expect(told).toEqual(['execution-1 ended']);
  });

  test('is not repeated for ever where the chain goes on between each look and its record', async () => {
    let looks = 0;
    const goneOn = answer({ result: 'already_terminal', status: 'running' });
    const { settle } = fakeSettle(async () => {
      looks += 1;
      return CLOSED;
    }, Array(10).fill(goneOn));
    await expect(settle(unsettled(), 'feed')).rejects.toMatchObject({ code: 'engine_unavailable' });
    expect(looks).toBe(3);
  });

  test('of an open run that is another execution’s is an error, and cancels nothing', async () => {
    const { settle, cancelled } = fakeSettle(
      async () => ({ kind: 'open', open: openRun({ runId: 'run-2' }) }),
      [answer({ result: 'conflict', status: 'running', ...ASKED })],
    );
    await expect(settle(unsettled(), 'watch')).rejects.toMatchObject({ code: 'conflict' });
    expect(cancelled).toEqual([]);
  });
});

describe('an outcome that the ledger does not take', () => {
  test('is not robbed of its payload by an outage', async () => {
    const away = new ExecutionError('ledger_unavailable', 'fetch failed');
    const outcome = completedOutcome({ output: { a: 1 } });
    const { settle, recorded } = fakeSettle(async () => ({ kind: 'closed', outcome }), [away]);
    await expect(settle(unsettled(), 'watch')).rejects.toBe(away);
    expect(recorded).toHaveLength(1);
  });

  test('is not sent twice where it has no payload', async () => {
    const refused = new ExecutionError('invalid_input', 'no');
    const { settle, recorded } = fakeSettle(async () => CLOSED, [refused]);
    await expect(settle(unsettled(), 'watch')).rejects.toBe(refused);
    expect(recorded).toHaveLength(1);
  });

  test('leaves out a failure as it leaves out an output, and says so only of an output', async () => {
    const failure = { type: 'Odd', message: 'x' };
    const outcome = completedOutcome({ status: 'failed', failure, errorMessage: 'x' });
    const refused = new ExecutionError('payload_too_large', 'no');
    const { settle, recorded } = fakeSettle(async () => ({ kind: 'closed', outcome }), [refused]);
    await settle(unsettled(), 'watch');
    expect(recorded[1]).toMatchObject({
      outcome: { status: 'failed', failure: null, outputNote: null, errorMessage: 'x' },
    });
  });
});

test('a run that belongs to another execution leaves this one waiting for its own', async () => {
  const { settle, cancelled } = fakeSettle(
    async () => OPEN,
    [answer({ result: 'other_execution', status: 'running' })],
  );
  const row = unsettled({ status: 'pending', firstRunId: null, currentRunId: null, ...ASKED });
  expect(await settle(row, 'feed')).toMatchObject({ kind: 'unknown', diagnosis: { health: 'late' } });
  expect(cancelled).toEqual([]);
});

test('a settled execution that lacked a part says which one it got', async () => {
  const settled = unsettled({ status: 'completed', authority: 'engine', closingRunId: 'run-1' });
  const outcome = completedOutcome({ engineStartedAt: '2026-11-21T09:00:00Z' });
  const brought = async (result: 'applied' | 'unchanged') => {
    const { settle } = fakeSettle(async () => ({ kind: 'closed', outcome }), [answer({ result })]);
    return settle(settled, 'reconciler');
  };
  expect(await brought('applied')).toMatchObject({ kind: 'ended', brought: ['engine start'] });
  expect(await brought('unchanged')).toMatchObject({ kind: 'ended', brought: [] });
});

test('the resolver is asked for every part only where that is wanted', async () => {
  const targets: unknown[] = [];
  const resolve = async (target: object) => {
    targets.push(target);
    return OPEN;
  };
  await fakeSettle(resolve).settle(unsettled(), 'watch');
  await fakeSettle(resolve, [], { whole: true }).settle(unsettled(), 'reconciler');
  expect(targets[0]).not.toHaveProperty('whole');
  expect(targets[1]).toMatchObject({ temporalWorkflowId: 'order-1', firstRunId: 'run-1', whole: true });
});

test.each(['service', 'feed', 'watch', 'reconciler'] as const)(
  'what the %s noticed is recorded as noticed by it',
  async (source) => {
    const ended = fakeSettle(async () => CLOSED);
    await ended.settle(unsettled(), source);
    const next = fakeSettle(async () => ({ kind: 'open', open: openRun({ runId: 'run-2' }) }));
    await next.settle(unsettled(), source);
    expect([ended.recorded, next.recorded]).toMatchObject([[{ source }], [{ source }]]);
  },
);

test('a report is taken back as of the revision that was read before the engine was asked', async () => {
  const { settle, recorded } = fakeSettle(async () => OPEN, [answer({ status: 'running' })]);
  const reported = unsettled({ status: 'failed', reportedAt: 'long ago', reportedForMs: 10_000, revision: 7 });
  expect(await settle(reported, 'reconciler')).toMatchObject({ kind: 'open', applied: true });
  expect(recorded).toMatchObject([{ open: { runId: 'run-1' }, takeBackRevision: 7 }]);
});
