import { randomUUID } from 'node:crypto';
import type { RunWindow, Visibility } from '@runledger/contracts';
import { startTemporal } from '@runledger/local-stack';
import type { Connection } from '@temporalio/client';
import { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectEngine } from './connect-engine.ts';
import type { EngineFixture } from './fixtures/engine-fixture.ts';
import { startEngineFixture } from './fixtures/engine-fixture.ts';
import { reversingConverter } from './fixtures/reversing-converter.ts';
import { until } from './fixtures/until.ts';
import { createVisibility, windowQuery } from './visibility.ts';
import { createRunWatch } from './watch-run.ts';

let fixture: EngineFixture;
let connection: Connection;
let visibility: Visibility;
beforeAll(async () => {
  fixture = await startEngineFixture({ searchAttributes: { Owner: 'Keyword', Tags: 'KeywordList' } });
  connection = connectEngine({ address: fixture.address, attempts: 1 });
  visibility = createVisibility({ connection });
});
afterAll(async () => {
  await connection?.close();
  await fixture?.[Symbol.asyncDispose]();
});

const page = (pageSize = 100, pageToken: string | null = null) => ({ pageSize, pageToken });

async function listed(window: RunWindow, workflowId: string) {
  const runs = await until(
    async () =>
      (await visibility.listRuns('default', window, page())).runs.filter((r) => r.temporalWorkflowId === workflowId),
    (found) => found.length > 0,
  );
  return runs[0];
}

describe.concurrent('the list of runs', () => {
  test('a run is listed with its times to the microsecond, its type, task queue, search attributes and memo', async () => {
    const target = await fixture.start('returns', [1], {
      searchAttributes: { Owner: ['ada'], Tags: ['a'] },
      memo: { user: 'ada', order: { id: 7 } },
    });
    const outcome = await fixture.ended(target);
    const run = await listed({ by: 'close', from: outcome.closedAt, to: null }, target.temporalWorkflowId);
    expect(run).toMatchObject({
      temporalWorkflowId: target.temporalWorkflowId,
      runId: target.firstRunId,
      workflowType: 'returns',
      taskQueue: fixture.taskQueue,
      startedAt: outcome.engineStartedAt,
      closedAt: outcome.closedAt,
      searchAttributes: { Owner: 'ada', Tags: ['a'] },
      memo: { user: 'ada', order: { id: 7 } },
    });
  });

  test('a window has its first moment and not its last', async () => {
    const target = await fixture.start('returns', [1]);
    const { closedAt, engineStartedAt } = await fixture.ended(target);
    await listed({ by: 'close', from: closedAt, to: null }, target.temporalWorkflowId);
    const ids = async (window: RunWindow) =>
      (await visibility.listRuns('default', window, page(1_000))).runs.map((run) => run.temporalWorkflowId);
    expect(await ids({ by: 'close', from: null, to: closedAt })).not.toContain(target.temporalWorkflowId);
    expect(await ids({ by: 'start', from: engineStartedAt, to: null })).toContain(target.temporalWorkflowId);
    expect(await ids({ by: 'start', from: null, to: engineStartedAt })).not.toContain(target.temporalWorkflowId);
  });

  test('an open run has no close time, and is in no list of closed ones', async () => {
    const target = await fixture.start('waits');
    const run = await listed({ by: 'start', from: null, to: null }, target.temporalWorkflowId);
    expect(run).toMatchObject({ closedAt: null });
    for (const window of [
      { by: 'close', from: null, to: null },
      { by: 'close', from: '2020-01-01T00:00:00.000000Z', to: null },
    ] as const) {
      const { runs } = await visibility.listRuns('default', window, page(1_000));
      expect(runs.map((found) => found.temporalWorkflowId)).not.toContain(target.temporalWorkflowId);
    }
  });

  test('pages together have every run once', async () => {
    const workflowType = 'returnsNothing';
    const targets = await Promise.all(Array.from({ length: 7 }, () => fixture.start(workflowType)));
    await Promise.all(targets.map(fixture.ended));
    const window: RunWindow = { by: 'close', from: null, to: null };
    const read = async () => {
      const found: string[] = [];
      for (let token: string | null = null, first = true; first || token; first = false) {
        const next = await visibility.listRuns('default', window, page(3, token));
        expect(next.runs.length).toBeLessThanOrEqual(3);
        found.push(...next.runs.filter((run) => run.workflowType === workflowType).map((run) => run.runId));
        token = next.nextPageToken;
      }
      return found.toSorted();
    };
    await until(read, targets.map((target) => target.firstRunId as string).toSorted());
  });

  test('a memo that only its own codec can read is left out, and the rest is there', async () => {
    const client = new Client({ connection: fixture.connection, dataConverter: reversingConverter });
    const workflowId = randomUUID();
    const options = { taskQueue: 'nobody', workflowId, memo: { user: 'ada' }, searchAttributes: { Owner: ['ada'] } };
    await client.workflow.start('any', options);
    const window: RunWindow = { by: 'start', from: null, to: null };
    const run = await listed(window, workflowId);
    expect(run?.memo).toEqual({});
    expect(run?.searchAttributes).toMatchObject({ Owner: 'ada' });
    const able = createVisibility({ connection, dataConverter: reversingConverter });
    const { runs } = await able.listRuns('default', window, page(1_000));
    expect(runs.find((run) => run.temporalWorkflowId === workflowId)?.memo).toEqual({ user: 'ada' });
  });

  test('every run of a chain names its first run, an unknown one none', async () => {
    const target = await fixture.start('continues', [2]);
    const { runs } = await fixture.ended(target);
    for (const { runId } of runs) expect(await visibility.firstRunIdOf({ ...target, runId })).toBe(target.firstRunId);
    expect(await visibility.firstRunIdOf({ ...target, runId: randomUUID() })).toBeNull();
  });

  test('what is no time never reaches the query', () => {
    expect(() => windowQuery({ by: 'close', from: "2026' OR '1'='1", to: null })).toThrow('is not an ISO 8601 time');
  });

  test('an unknown namespace is refused', async () => {
    const window: RunWindow = { by: 'start', from: null, to: null };
    await expect(visibility.listRuns('nowhere', window, page())).rejects.toMatchObject({ code: 'engine_refused' });
  });
});

test('a namespace says how long it keeps workflows and what they can be searched by', async () => {
  expect(await fixture.engine.describeNamespace('default')).toEqual({
    retentionMs: 86_400_000,
    searchAttributes: expect.objectContaining({ Owner: 'Keyword', Tags: 'KeywordList' }),
    serverVersion: expect.stringMatching(/^\d+\.\d+/),
  });
  await expect(fixture.engine.describeNamespace('nowhere')).rejects.toMatchObject({ code: 'engine_refused' });
});

describe('when Temporal limits the calls', () => {
  test('lists and polls beyond the limit fail at once, and say that they are throttled', async () => {
    const dynamicConfig = { 'frontend.namespaceRPS.visibility': 5, 'frontend.namespaceCount': 2 };
    await using temporal = await startTemporal({ address: null, dynamicConfig });
    const limited = connectEngine({ address: temporal.address, attempts: 1 });
    const lists = createVisibility({ connection: limited });
    const window: RunWindow = { by: 'close', from: null, to: null };
    const answers = await Promise.allSettled(
      Array.from({ length: 60 }, () => lists.listRuns('default', window, page())),
    );
    const refusals = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason.code] : []));
    expect(refusals.length).toBeGreaterThan(30);
    expect(new Set(refusals)).toEqual(new Set(['engine_throttled']));

    const { workflow } = new Client({ connection: limited });
    const { workflowId } = await workflow.start('any', { workflowId: 'polled', taskQueue: 'nobody' });
    const watch = createRunWatch(limited);
    const stop = new AbortController();
    const run = { namespace: 'default', temporalWorkflowId: workflowId, runId: null };
    const polls = await Promise.allSettled(
      // All of them at once, also where the machine is busy.
      Array.from({ length: 10 }, () => watch(run, { signal: stop.signal, deadlineMs: 10_000 })),
    );
    const codes = polls.map((poll) => (poll.status === 'rejected' ? poll.reason.code : poll.value));
    expect(codes.filter((code) => code === 'engine_throttled')).toHaveLength(8);
    expect(codes.filter((code) => code === 'open')).toHaveLength(2);
    await limited.close();
  });
});
