import type { ChainRun, EngineTarget } from '@runledger/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChainReader } from './chain.ts';
import type { EngineFixture, Started } from './fixtures/engine-fixture.ts';
import { startEngineFixture } from './fixtures/engine-fixture.ts';
import { resetRun } from './fixtures/reset-run.ts';
import { until } from './fixtures/until.ts';
import { createRunHistory } from './run-history.ts';
import { createTemporalCalls } from './temporal-calls.ts';

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await startEngineFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const ANNA = { actor: 'anna@example.com', reason: 'ordered twice' };
const brief = (runs: ChainRun[]) =>
  runs.map(({ status, cause, wasEnd }) => `${status} by ${cause}${wasEnd ? ', an end' : ''}`);

/** Waits for the first workflow task of the target's newest run: a run can be reset from then on. */
const untilBegun = (target: EngineTarget, runId: string) =>
  until(
    () => fixture.resolve(target),
    (found) => found.kind !== 'open' || (found.open.runId === runId && found.open.runs.at(-1) !== undefined),
  );

/** Waits until visibility lists `runs` runs. */
const untilListed = ({ temporalWorkflowId: workflowId }: Started, runs: number) =>
  until(
    async () => (await fixture.client.workflow.count(`WorkflowId = '${workflowId}'`)).count,
    (count) => count === runs,
  );

/** Resets the newest of these runs `times` times, each time the run that came of it. */
async function resetAgainAndAgain(target: Started, times: number): Promise<string> {
  let runId = target.firstRunId;
  for (let time = 0; time < times; time += 1) {
    runId = await resetRun(fixture.client, { ...target, firstRunId: runId }, { withoutSignals: true });
    await untilBegun(target, runId);
  }
  return runId;
}

describe.concurrent('a chain is read whole', () => {
  test('a reset of a reset of a reset has four runs, none of which was an end', async () => {
    const target = await fixture.start('waits');
    await resetAgainAndAgain(target, 3);
    await fixture.client.workflow.getHandle(target.temporalWorkflowId).signal('finish', 'went');
    const { runs } = await fixture.ended(target);
    expect(brief(runs)).toEqual([
      'terminated by start',
      'terminated by reset',
      'terminated by reset',
      'completed by reset',
    ]);
    expect(runs.map(({ runNumber }) => runNumber)).toEqual([1, 2, 3, 4]);
    expect(new Set(runs.map(({ startedAt }) => startedAt)).size).toBe(4);
  });

  test('read for a run that has been reset meanwhile, has nothing of what came after that run', async () => {
    const target = await fixture.start('waits');
    await resetAgainAndAgain(target, 3);
    await fixture.client.workflow.getHandle(target.temporalWorkflowId).signal('finish', 'went');
    const { runs } = await fixture.ended(target);
    await untilListed(target, runs.length);
    const history = createRunHistory(createTemporalCalls(fixture.connection, 10_000));
    for (const [at, { runId }] of runs.entries()) {
      const newest = await history.describe({ ...target, runId });
      if (!newest) throw new Error(`Temporal has forgotten run ${runId}`);
      // As it was seen before it was reset; a reader of its own, so that it remembers nothing.
      const end = { status: 'running', closedAt: null, errorMessage: null } as const;
      const chain = await createChainReader(history).read({ ...target, runId }, { newest, end, target });
      expect(chain.runs.map((run) => run.runId)).toEqual(runs.slice(0, at + 1).map((run) => run.runId));
    }
  });

  test('one that ended, and was reset twice from its first run, has both resets, and says which runs were ends', async () => {
    const target = await fixture.start('failsWith', ['no', 'Refused']);
    await fixture.ended(target);
    for (let time = 2; time <= 3; time += 1) {
      const runId = await resetRun(fixture.client, target);
      await until(
        () => fixture.resolve(target),
        (found) => found.kind === 'closed' && found.outcome.runId === runId,
      );
    }
    const { runs } = await fixture.ended(target);
    expect(brief(runs)).toEqual(['failed by start, an end', 'failed by reset, an end', 'failed by reset']);
  });

  test('one of 46 runs has 46, whoever looks first, and whoever knows the newest reads on from there', async () => {
    const target = await fixture.start('continues', [45]);
    const { runs, runId } = await fixture.ended(target);
    expect(runs.map(({ runNumber }) => runNumber)).toEqual(Array.from({ length: 46 }, (_, at) => at + 1));
    expect(runs.filter(({ status }) => status !== 'continued_as_new')).toMatchObject([{ runId, status: 'completed' }]);
    const known = { runId: runs[40]?.runId ?? null, cancel: false };
    const later = await fixture.ended({ ...target, known });
    expect(later.runs.map((run) => run.runId)).toEqual(runs.slice(40).map((run) => run.runId));
  });
});

describe.concurrent('a cancel', () => {
  test('names one run: asked of a run that is over, it does nothing to the next', async () => {
    const target = await fixture.start('continuesThenWaits');
    const { open } = (await until(
      () => fixture.resolve(target),
      (found) => found.kind === 'open' && found.open.runId !== target.firstRunId,
    )) as { open: { runId: string } };
    expect(await fixture.engine.cancel(target, { ...ANNA, runId: target.firstRunId })).toBe('gone_on');
    expect(await fixture.resolve(target)).toMatchObject({ kind: 'open', open: { cancelRequested: false } });
    expect(await fixture.engine.cancel(target, { ...ANNA, runId: open.runId })).toBe('requested');
    expect(await fixture.ended(target)).toMatchObject({ status: 'cancelled' });
  });

  test('says who and why after a clean-up of hundreds of events', async () => {
    const target = await fixture.start('cleansUp', [60]);
    await untilBegun(target, target.firstRunId);
    await fixture.engine.cancel(target, ANNA);
    const outcome = await fixture.ended(target);
    expect(outcome).toMatchObject({ status: 'cancelled', actor: ANNA.actor, reason: ANNA.reason });
    expect(outcome.cancelRequest).toMatchObject({ by: ANNA.actor, reason: ANNA.reason });
  });

  test('that was asked for elsewhere is told while the run is open, unless the ledger knows of it', async () => {
    const target = await fixture.start('waits', [], { taskQueue: 'nobody' });
    await fixture.client.workflow.getHandle(target.temporalWorkflowId).cancel();
    const told = await fixture.resolve(target);
    expect(told).toMatchObject({
      kind: 'open',
      open: { cancelRequested: true, cancelRequest: { by: expect.any(String) } },
    });
    const known = { runId: target.firstRunId, cancel: true };
    expect(await fixture.resolve({ ...target, known })).toMatchObject({ kind: 'open', open: { cancelRequest: null } });
  });

  test('of one run is not one of the next, which was continued as new', async () => {
    const target = await fixture.start('continuesWhenCancelled');
    await untilBegun(target, target.firstRunId);
    await fixture.engine.cancel(target, ANNA);
    const next = await until(
      () => fixture.resolve(target),
      (found) => found.kind === 'open' && found.open.runId !== target.firstRunId,
    );
    expect(next).toMatchObject({ kind: 'open', open: { cancelRequested: false, cancelRequest: null } });
  });
});

test.each([
  ['one argument as it is', 'returns', [{ amount: 7 }], { value: { amount: 7 }, note: null }],
  ['several as a list', 'failsWith', ['no', 'Refused'], { value: ['no', 'Refused'], note: 'several_payloads' }],
  ['none as none', 'returnsNothing', [], { value: null, note: null }],
])('the input of one that was registered without is told: %s', async (_, type, args, input) => {
  const target = await fixture.start(type, args);
  const known = { runId: target.firstRunId, cancel: false };
  await fixture.ended(target);
  expect((await fixture.ended({ ...target, known: { ...known, input: false } })).input).toEqual(input);
  expect((await fixture.ended({ ...target, known })).input).toBeUndefined();
});

test('an execution whose first run is gone is followed by the newest run that the ledger knows', async () => {
  const target = await fixture.start('continuesThenWaits');
  const found = await until(
    () => fixture.resolve(target),
    (found) => found.kind === 'open' && found.open.runId !== target.firstRunId,
  );
  if (found.kind !== 'open') throw new TypeError('it is not open');
  const { runId } = found.open;
  await fixture.client.workflow.getHandle(target.temporalWorkflowId).signal('finish', 'went');
  await fixture.ended(target);
  // Used again, the id leads to another chain, and the first run of this one is deleted.
  await fixture.client.workflow.start('waits', { workflowId: target.temporalWorkflowId, taskQueue: fixture.taskQueue });
  await fixture.connection.workflowService.deleteWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: target.temporalWorkflowId, runId: target.firstRunId },
  });
  const gone = await until(
    () => fixture.resolve({ ...target }),
    (without) => without.kind === 'not_found',
  );
  expect(gone.kind).toBe('not_found');
  const known = { runId, cancel: false };
  expect(await fixture.resolve({ ...target, known })).toMatchObject({
    kind: 'closed',
    outcome: { status: 'completed', runId, firstRunId: target.firstRunId },
  });
  expect(await fixture.engine.cancel({ ...target, known }, ANNA)).toBe('already_closed');
});
