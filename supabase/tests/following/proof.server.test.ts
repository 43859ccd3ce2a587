import { databaseKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { insertExecution, openLedger, outcome, recordOutcomes } from '../ledger-database.ts';

describe.each(databaseKinds)('what the database says for the proof, on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
  });
  afterAll(() => ledger.db.close());

  const sql = <Row extends object>(text: string, values: unknown[] = []) => ledger.db.query<Row>(text, values);
  const value = <T>(text: string, values: unknown[] = []) =>
    sql<{ v: T }>(`select ${text} as v`, values).then(([row]) => row?.v as T);
  interface Figures {
    open: number;
    unchecked: number;
    health: Record<string, number>;
    oldestCheckAgeMs: number | null;
    oldestUncheckedAgeMs: number | null;
    timelines: { pending: number; oldestAgeMs: number | null };
  }
  const figures = (namespace: string) => value<Figures>('runledger.ledger_figures($1)', [namespace]);
  const checked = (id: string, health: string) =>
    sql('select runledger.save_checks($1::jsonb)', [JSON.stringify([{ execution: id, health, nextCheckInMs: 1_000 }])]);

  test('without a check there is no oldest check; what was never checked has an age of its own', async () => {
    expect(await figures('empty')).toMatchObject({ oldestCheckAgeMs: null, oldestUncheckedAgeMs: null, unchecked: 0 });
    const id = await insertExecution(ledger, { temporal_namespace: 'new', started_at: '2020-01-01T00:00:00Z' });
    const before = await figures('new');
    expect(before).toMatchObject({ oldestCheckAgeMs: null, unchecked: 1 });
    // Asked for years ago, recorded just now.
    expect(before.oldestUncheckedAgeMs).toBeLessThan(3_600_000);
    await checked(id, 'live');
    expect(await figures('new')).toMatchObject({ oldestCheckAgeMs: expect.any(Number), oldestUncheckedAgeMs: null });
  });

  test('histories that wait to be condensed are counted, with the age of the one that waits longest', async () => {
    expect((await figures('histories')).timelines).toEqual({ pending: 0, oldestAgeMs: null });
    const ids = await Promise.all([0, 1].map(() => insertExecution(ledger, { temporal_namespace: 'histories' })));
    await recordOutcomes(
      ledger.db,
      ids.map((id) => outcome(id, 'completed')),
    );
    await sql(
      `update runledger.execution_timelines set next_try_at = now() - interval '2 hours' where execution_id = $1`,
      [ids[0]],
    );
    const { pending, oldestAgeMs } = (await figures('histories')).timelines;
    expect(pending).toBe(2);
    expect(oldestAgeMs).toBeGreaterThanOrEqual(7_200_000);
  });

  test('the figures of one user are of that user only', async () => {
    const bobs = { workflow_id: ledger.bob.workflowId, created_by: ledger.bob.id, temporal_namespace: 'own' };
    const [mine] = await Promise.all([
      insertExecution(ledger, { temporal_namespace: 'own' }),
      insertExecution(ledger, bobs),
      insertExecution(ledger, { temporal_namespace: 'elsewhere' }),
    ]);
    await checked(mine, 'wedged');
    expect(await value('runledger.own_figures($1, $2)', [ledger.ada.id, 'own'])).toMatchObject({
      open: 1,
      unchecked: 0,
      health: { live: 0, wedged: 1 },
      oldestCheckAgeMs: expect.any(Number),
      capped: false,
    });
    expect(await value('runledger.own_figures($1, $2)', [ledger.bob.id, 'own'])).toMatchObject({
      open: 1,
      unchecked: 1,
      oldestCheckAgeMs: null,
    });
  });

  test('a namespace that nobody follows is named until a proof of it is fresh', async () => {
    const named = async () =>
      (await value<{ namespace: string; provedAt: string | null }[]>('runledger.unproven_namespaces()')).filter(
        ({ namespace }) => namespace === 'deserted',
      );
    const id = await insertExecution(ledger, { temporal_namespace: 'deserted' });
    const publish = (at: Date) =>
      sql(`select runledger.save_monitor_state('deserted', '{}', $1::jsonb)`, [
        JSON.stringify({ at: at.toISOString(), periodMs: 300_000 }),
      ]);
    expect(await named()).toEqual([]);
    await sql(
      `update runledger.execution_checks set next_check_at = now() - interval '2 minutes' where execution_id = $1`,
      [id],
    );
    expect(await named()).toEqual([{ namespace: 'deserted', provedAt: null }]);
    await publish(new Date());
    expect(await named()).toEqual([]);
    const old = new Date(Date.now() - 700_000);
    await publish(old);
    expect(await named()).toEqual([{ namespace: 'deserted', provedAt: old.toISOString() }]);
    await recordOutcomes(ledger.db, [outcome(id, 'completed')]);
    expect(await named()).toEqual([]);
  });
});
