import type { Engine, RecordAnswer, RecordOpen, RecordOutcome, Resolution } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { completedOutcome, openRun, unsettled } from './fixtures/rows.ts';
import type { Recorder } from './recorder.ts';
import { createSettler } from './settler.ts';

const answer = (more: Partial<RecordAnswer> = {}): RecordAnswer => ({
  executionId: 'execution-1',
  result: 'applied',
  status: 'completed',
  authority: 'engine',
  revision: 2,
  cancelRequestedAt: null,
  ...more,
});

function fakes(resolve: () => Promise<Resolution>, answers: (RecordAnswer | Error)[] = []) {
  const recorded: (RecordOpen | RecordOutcome)[] = [];
  const cancelled: string[] = [];
  const record = async (item: RecordOpen | RecordOutcome) => {
    recorded.push(item);
    const next = answers.shift() ?? answer();
    if (next instanceof Error) throw next;
    return next;
  };
  const recorder: Recorder = { recordOpen: record, recordOutcome: record, close: async () => {} };
  const engine = {
    resolve,
    async cancel(_, { actor, reason }) {
      cancelled.push(`${actor}: ${reason}`);
      return 'requested';
    },
  } as Partial<Engine> as Engine;
  const counted: string[] = [];
  const settler = createSettler({
    recorder,
    logger: pino({ level: 'silent' }),
    reportGraceMs: 10_000,
    recorded: (source, { status }) => counted.push(`${status} by ${source}`),
  });
  return { settler, engine, recorded, cancelled, counted };
}

describe('settling an execution', () => {
  test('two hints at once ask the engine once', async () => {
    let asked = 0;
    const { settler, engine, recorded, counted } = fakes(async () => {
      asked += 1;
      return { kind: 'closed', outcome: completedOutcome() };
    });
    const row = unsettled();
    await Promise.all([settler.settle(row, 'watch', engine), settler.settle(row, 'reconciler', engine)]);
    expect([asked, recorded.length]).toEqual([1, 1]);
    expect(counted).toEqual(['completed by watch']);
  });

  test('a hint that knows a newer row asks again, after the one under way', async () => {
    let asked = 0;
    const { settler, engine } = fakes(async () => {
      asked += 1;
      return { kind: 'open', open: openRun() };
    });
    const reported = unsettled({ revision: 2, status: 'failed', reportedAt: 'now', reportedForMs: 1 });
    const [before, after] = await Promise.all([
      settler.settle(unsettled(), 'reconciler', engine),
      settler.settle(reported, 'watch', engine),
    ]);
    expect([asked, before.kind, after.kind]).toEqual([2, 'open', 'waiting']);
  });

  test('a payload that the ledger refuses does not hide how it ended', async () => {
    const { settler, engine, recorded } = fakes(
      async () => ({ kind: 'closed', outcome: completedOutcome({ output: { odd: true } }) }),
      [new ExecutionError('invalid_input', 'no'), answer()],
    );
    expect(await settler.settle(unsettled(), 'watch', engine)).toMatchObject({ kind: 'ended', applied: true });
    expect(recorded[1]).toMatchObject({ outcome: { status: 'completed', output: null, outputNote: 'refused' } });
  });

  test('a start that crossed a cancel is cancelled, in the name of who asked', async () => {
    const { settler, engine, cancelled } = fakes(
      async () => ({ kind: 'open', open: openRun() }),
      [answer({ status: 'running', cancelRequestedAt: '2026-11-21T09:00:00+00:00' })],
    );
    const row = unsettled({
      status: 'pending',
      firstRunId: null,
      currentRunId: null,
      cancelRequestedAt: '2026-11-21T09:00:00+00:00',
      cancelRequestedBy: 'anna',
      cancelReason: 'too late',
    });
    await settler.settle(row, 'reconciler', engine);
    expect(cancelled).toEqual(['anna: too late']);
  });

  test('a run of another execution is an error, not a repeat at full speed', async () => {
    const { settler, engine } = fakes(
      async () => ({ kind: 'closed', outcome: completedOutcome() }),
      [answer({ result: 'conflict' })],
    );
    await expect(settler.settle(unsettled(), 'watch', engine)).rejects.toMatchObject({ code: 'conflict' });
  });
});
