import type { Resolution, UnsettledExecution } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { ASKED, answer, fakeSettle } from '../fixtures/fake-settle.ts';
import { completedOutcome, openRun, unsettled } from '../fixtures/rows.ts';

describe('settling an execution', () => {
  test('two hints at once ask the engine once', async () => {
    let asked = 0;
    const { settle, recorded, counted } = fakeSettle(async () => {
      asked += 1;
      return { kind: 'closed', outcome: completedOutcome() };
    });
    const row = unsettled();
    await Promise.all([settle(row, 'watch'), settle(row, 'reconciler')]);
    expect([asked, recorded.length]).toEqual([1, 1]);
    expect(counted).toEqual(['completed by watch']);
  });

  test('a hint that knows a newer row asks again, after the one under way', async () => {
    let asked = 0;
    const { settle } = fakeSettle(async () => {
      asked += 1;
      return { kind: 'open', open: openRun() };
    });
    const reported = unsettled({ revision: 2, status: 'failed', reportedAt: 'now', reportedForMs: 1 });
    const [before, after] = await Promise.all([settle(unsettled(), 'reconciler'), settle(reported, 'watch')]);
    expect([asked, before.kind, after.kind]).toEqual([2, 'open', 'waiting']);
  });

  test('a payload that the ledger refuses does not hide how it ended', async () => {
    const { settle, recorded } = fakeSettle(
      async () => ({ kind: 'closed', outcome: completedOutcome({ output: { odd: true } }) }),
      [new ExecutionError('invalid_input', 'no'), answer()],
    );
    expect(await settle(unsettled(), 'watch')).toMatchObject({ kind: 'ended', applied: true });
    expect(recorded[1]).toMatchObject({ outcome: { status: 'completed', output: null, outputNote: 'refused' } });
  });

  test('a start that crossed a cancel is cancelled, in the name of who asked', async () => {
    const { settle, cancelled } = fakeSettle(
      async () => ({ kind: 'open', open: openRun() }),
      [answer({ status: 'running', ...ASKED })],
    );
    const row = unsettled({
      status: 'pending',
      firstRunId: null,
      currentRunId: null,
      ...ASKED,
    });
    await settle(row, 'reconciler');
    expect(cancelled).toEqual(['anna: too late, run-1']);
  });

  test('a cancel is about the run that was open when it was asked for: the next one is not cancelled', async () => {
    const next = { kind: 'open', open: openRun({ runId: 'run-2' }) } as const;
    const { settle, cancelled } = fakeSettle(async () => next, [answer({ status: 'running' })]);
    await settle(unsettled(ASKED), 'reconciler');
    expect(cancelled).toEqual([]);
  });

  test('what has ended meanwhile is not cancelled', async () => {
    const { settle, cancelled } = fakeSettle(
      async () => ({ kind: 'open', open: openRun({ runId: 'run-2' }) }),
      [answer({ result: 'already_terminal', status: 'cancelled', ...ASKED })],
    );
    await settle(unsettled(ASKED), 'reconciler');
    expect(cancelled).toEqual([]);
  });

  test('a cancel that the engine has is not sent again', async () => {
    const known = { engineStartedAt: '2026-11-21T09:00:00Z', firstTaskAt: '2026-11-21T09:00:00Z' };
    const { settle, cancelled } = fakeSettle(async () => ({
      kind: 'open',
      open: openRun({ cancelRequested: true }),
    }));
    await settle(unsettled({ ...ASKED, ...known }), 'reconciler');
    expect(cancelled).toEqual([]);
  });

  test('says which parts the row lacked, where its status was right', async () => {
    const open = openRun({ engineStartedAt: '2026-11-21T09:00:00Z', firstTaskAt: '2026-11-21T09:00:01Z' });
    const settled = async (row: Partial<UnsettledExecution>) => {
      const said = async () => ({ kind: 'open', open }) as const;
      const { settle } = fakeSettle(said, [answer({ result: 'applied', status: 'running' })]);
      return settle(unsettled({ engineStartedAt: '2026-11-21T09:00:00Z', firstTaskAt: null, ...row }), 'reconciler');
    };
    expect(await settled({})).toMatchObject({ applied: true, brought: ['first task'] });
    expect(await settled({ status: 'pending' })).toMatchObject({ applied: true, brought: [] });
  });

  test("a row that was registered by a later run of another one's chain is gone with the merge", async () => {
    const open = { kind: 'open', open: openRun({ firstRunId: 'run-0' }) } as const;
    const { settle, recorded } = fakeSettle(async () => open, [], { firstRun: 'merged' });
    expect(await settle(unsettled(), 'watch')).toEqual({
      kind: 'ended',
      applied: true,
      outcome: null,
      revision: null,
      brought: [],
    });
    expect(recorded).toEqual([]);
  });

  test('a row that was registered by a later run is recorded under the first one', async () => {
    const outcome = completedOutcome({ firstRunId: 'run-0' });
    const { settle, recorded } = fakeSettle(async () => ({ kind: 'closed', outcome }), [], { firstRun: 'corrected' });
    expect(await settle(unsettled(), 'watch')).toMatchObject({ kind: 'ended', applied: true });
    expect(recorded).toMatchObject([{ outcome: { firstRunId: 'run-0' } }]);
  });

  test.each([
    ['corrected', 2],
    ['unchanged', 1],
  ] as const)(
    'what comes of it names the revision that the row has once its first run is %s',
    async (firstRun, revision) => {
      const outcome = completedOutcome({ firstRunId: 'run-0' });
      const { settle } = fakeSettle(async () => ({ kind: 'closed', outcome }), [], { firstRun });
      const settled = unsettled({ status: 'completed', authority: 'engine', closingRunId: 'run-1' });
      expect(await settle(settled, 'watch')).toMatchObject({ kind: 'ended', applied: false, revision });
    },
  );

  test('a later run of a chain of another user says whose it is, in plain words', async () => {
    const outcome = completedOutcome({ firstRunId: 'run-0' });
    const { settle } = fakeSettle(async () => ({ kind: 'closed', outcome }), [], { firstRun: 'conflict' });
    await expect(settle(unsettled(), 'watch')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('belongs to execution other of another user'),
    });
  });

  test('a chain that another execution has is not taken by one that waits for its own run', async () => {
    const { settle } = fakeSettle(
      async () => ({ kind: 'closed', outcome: completedOutcome() }),
      [answer({ result: 'other_execution', status: 'pending' })],
    );
    const row = unsettled({
      status: 'pending',
      firstRunId: null,
      currentRunId: null,
      registeredAt: '2026-11-21T08:00:00Z',
    });
    expect(await settle(row, 'feed')).toMatchObject({ kind: 'unknown', diagnosis: { health: 'late' } });
  });

  test('an end whose chain had gone on when it came to the ledger is looked at again', async () => {
    const said: Resolution[] = [
      { kind: 'closed', outcome: completedOutcome() },
      { kind: 'open', open: openRun({ runId: 'run-2' }) },
    ];
    const { settle } = fakeSettle(
      async () => said.shift() as Resolution,
      [answer({ result: 'already_terminal', status: 'running' }), answer({ result: 'unchanged', status: 'running' })],
    );
    expect(await settle(unsettled(), 'watch')).toMatchObject({
      kind: 'open',
      open: { runId: 'run-2' },
    });
  });

  test('a run of another execution is an error, not a repeat at full speed', async () => {
    const { settle } = fakeSettle(
      async () => ({ kind: 'closed', outcome: completedOutcome() }),
      [answer({ result: 'conflict' })],
    );
    await expect(settle(unsettled(), 'watch')).rejects.toMatchObject({ code: 'conflict' });
  });
});
