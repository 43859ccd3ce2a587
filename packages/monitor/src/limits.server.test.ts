import type { Ledger, Proof } from '@runledger/contracts';
import { inCi } from '@runledger/local-stack';
import { afterEach, describe, expect, test } from 'vitest';
import type { MonitorFixture } from './fixtures/monitor-fixture.ts';
import { startMonitorFixture } from './fixtures/monitor-fixture.ts';
import { until } from './fixtures/until.ts';

let fixture: MonitorFixture;
afterEach(() => fixture?.[Symbol.asyncDispose]());

/** The fixture's ledger, and the proofs that were published to it. */
function listening(ledger: Ledger): { ledger: Ledger; proofs: Proof[] } {
  const proofs: Proof[] = [];
  return {
    proofs,
    ledger: {
      ...ledger,
      publishProof: (namespace, proof) => {
        proofs.push(proof);
        return ledger.publishProof(namespace, proof);
      },
    },
  };
}

/** Ends that a proof counts, by whatever hint. */
const recordedBy = ({ recorded }: Proof) => Object.values(recorded).reduce((sum, { count }) => sum + count, 0);

const inBatches = async <T>(count: number, make: (n: number) => Promise<T>): Promise<T[]> => {
  const made: T[] = [];
  while (made.length < count) {
    const batch = Math.min(20, count - made.length);
    made.push(...(await Promise.all(Array.from({ length: batch }, (_, n) => make(made.length + n)))));
  }
  return made;
};

describe('under the limits of its namespace', () => {
  const OPEN = inCi(200, 80);
  test(`with 50 long polls for ${OPEN} open executions it gives way, and records every end`, async () => {
    fixture = await startMonitorFixture({ dynamicConfig: { 'frontend.namespaceCount': 50 } });
    const started = await inBatches(OPEN, () => fixture.start('waits'));
    const { ledger, proofs } = listening(fixture.ledger);
    await using _ = fixture.monitor({ reconcilePeriodMs: 2_000 }, { ledger });
    await until(
      () => proofs.at(-1)?.monitor.watching ?? 0,
      (watching) => watching > 0 && watching <= 50,
    );
    await inBatches(OPEN, (n) => started[n]?.handle.signal('finish', 'now') ?? Promise.resolve());
    const rows = await Promise.all(started.map(({ id }) => fixture.settled(id)));
    expect(rows.filter(({ status }) => status === 'completed')).toHaveLength(OPEN);
    expect(proofs.at(-1)?.monitor.watchCap).toBeLessThanOrEqual(50);
  });

  test('with five lists a second it slows down, says so, and records every end', async () => {
    fixture = await startMonitorFixture({ dynamicConfig: { 'frontend.namespaceRPS.visibility': 5 } });
    const { ledger, proofs } = listening(fixture.ledger);
    // More than may be watched, so that the feed wants to be fast; two monitors share the namespace's five calls.
    await using _one = fixture.monitor({ watchCap: 5, reconcilePeriodMs: 2_000 }, { ledger });
    await using _two = fixture.monitor({ watchCap: 5, reconcilePeriodMs: 2_000 }, { ledger });
    const started = await inBatches(60, () => fixture.start('waits'));
    await until(() => proofs.some(({ monitor }) => monitor.closureFeed.throttledSince !== null), true);
    await inBatches(60, (n) => started[n]?.handle.signal('finish', 'now') ?? Promise.resolve());
    const rows = await Promise.all(started.map(({ id }) => fixture.settled(id)));
    expect(rows.filter(({ status }) => status === 'completed')).toHaveLength(60);
  });
});

test('two namespaces are followed by two monitors, each its own', async () => {
  fixture = await startMonitorFixture({ namespaces: ['default', 'other'] });
  const other = await fixture.startIn('other', 'elsewhere');
  const here = await fixture.start('waits');
  await using _ = fixture.monitor();
  await here.handle.signal('finish', 'here');
  expect(await fixture.settled(here.id)).toMatchObject({ status: 'completed' });
  await other.handle.terminate('there');
  await using _other = fixture.monitor({}, { namespace: 'other' });
  expect(await fixture.settled(other.id)).toMatchObject({
    status: 'terminated',
    error_message: expect.stringMatching(/: there$/),
  });
  const proofs = await until(
    () => Promise.all(['default', 'other'].map((namespace) => fixture.ledger.getProof(namespace))),
    (found) => found.every((proof) => proof?.open === 0 && recordedBy(proof) > 0),
  );
  expect(proofs.map((proof) => proof && recordedBy(proof))).toEqual([1, 1]);
});

test('when a server has lost its data it alarms, and notes nothing as lost that it saw alive', async () => {
  fixture = await startMonitorFixture({ namespaces: ['default', 'empty'] });
  const rows = await inBatches(30, (n) => fixture.registerLost('default', n));
  const seen = { health: 'live', reason: null, remedy: null, nextCheckInMs: 0 } as const;
  await fixture.ledger.saveChecks(rows.map((executionId) => ({ ...seen, executionId })));
  const { ledger, proofs } = listening(fixture.ledger);
  await using _ = fixture.monitor({}, { ledger });
  await until(
    () => proofs.at(-1)?.alarm ?? null,
    (alarm) => alarm !== null,
  );
  expect(await Promise.all(rows.map((id) => fixture.health(id)))).toEqual(rows.map(() => 'live'));
  expect((await Promise.all(rows.map((id) => fixture.row(id)))).map(({ status }) => status)).toEqual(
    rows.map(() => 'running'),
  );
  // Somebody knows that the data is gone. A check that was under way may still write down what it believed before.
  await until(
    async () => {
      await fixture.ledger.saveChecks(rows.map((executionId) => ({ ...seen, executionId, health: 'lost' })));
      return proofs.at(-1)?.alarm ?? null;
    },
    (alarm) => alarm === null,
  );
});

test('an import of what Temporal has long forgotten is noted as lost, without an alarm', async () => {
  fixture = await startMonitorFixture();
  const rows = await inBatches(30, (n) => fixture.registerLost('default', n));
  const { ledger, proofs } = listening(fixture.ledger);
  await using _ = fixture.monitor({}, { ledger });
  await until(
    async () => (await Promise.all(rows.map((id) => fixture.health(id)))).every((health) => health === 'lost'),
    true,
  );
  expect(proofs.filter(({ alarm }) => alarm !== null)).toEqual([]);
});

test('a report about what Temporal has forgotten by its retention stands, and is settled', async () => {
  fixture = await startMonitorFixture();
  const [reported, open] = (await inBatches(2, (n) => fixture.registerLost('default', n))) as [string, string];
  await fixture.service.markCompleted(reported, { fine: true }, 70);
  const { engine } = fixture;
  const forgetful = {
    ...engine,
    describeNamespace: async () => ({ ...(await engine.describeNamespace('default')), retentionMs: 1 }),
  };
  const old = new Date(Date.now() - 120_000).toISOString();
  const ledger: typeof fixture.ledger = {
    ...fixture.ledger,
    // Registered long ago.
    dueChecks: async (...of) => (await fixture.ledger.dueChecks(...of)).map((row) => ({ ...row, startedAt: old })),
  };
  await using _ = fixture.monitor({}, { ledger, engine: forgetful, reconcileEngine: forgetful });
  await until(async () => (await fixture.row(reported)).lost_at !== null, true);
  expect(await fixture.row(reported)).toMatchObject({ status: 'completed', outcome_authority: 'reported' });
  await until(() => fixture.health(open), 'lost');
  expect(await fixture.row(open)).toMatchObject({ status: 'running', lost_at: null });
});
