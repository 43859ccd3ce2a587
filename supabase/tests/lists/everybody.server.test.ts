import { databaseKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { insertExecution, openLedger, outcome, recordOutcomes } from '../ledger-database.ts';
import type { ListPage } from './page-cost.ts';
import { search } from './page-cost.ts';

describe.each(databaseKinds)('on %s', (kind) => {
  let ledger: LedgerDatabase;
  /** Of Ada and Bob in turns, newest first; the second oldest of each failed. */
  let ids: string[];
  beforeAll(async () => {
    ledger = await openLedger(kind);
    ids = [];
    for (let n = 0; n < 6; n += 1)
      ids.unshift(await insertExecution({ ...ledger, ada: n % 2 === 0 ? ledger.ada : ledger.bob }));
    await recordOutcomes(ledger.db, [outcome(ids[3] as string, 'failed'), outcome(ids[2] as string, 'failed')]);
  });
  afterAll(() => ledger?.db.close());

  const listed = async (page: ListPage) => (await search(ledger.db, page)).rows.map(({ id }) => id);

  test('everybody’s executions are one list, in any order, and whoever does not say so gets none of it', async () => {
    expect(await listed({ everybody: true })).toEqual(ids);
    expect(await listed({ everybody: true, ascending: true })).toEqual(ids.toReversed());
    expect((await listed({ everybody: true, orderBy: 'completed_at' })).toSorted()).toEqual(ids.slice(2, 4).toSorted());
    await expect(search(ledger.db, {})).rejects.toThrow('A list is of a user');
    await expect(ledger.db.query('select runledger.count_executions()')).rejects.toThrow('A list is of a user');
    await expect(ledger.db.query('select runledger.count_by_health()')).rejects.toThrow('A count is of a user');
  });

  test('pages of everybody’s go on where the one before ended', async () => {
    const seen: string[] = [];
    let after: ListPage['after'];
    do {
      const page = await search(ledger.db, { everybody: true, limit: 4, ...(after ? { after } : {}) });
      seen.push(...page.rows.map(({ id }) => id));
      after = page.next ?? undefined;
    } while (after);
    expect(seen).toEqual(ids);
  });

  test('several users are each theirs, and in a user’s own list nobody else’s', async () => {
    const { ada, bob } = ledger;
    const both = { userIds: [ada.id, bob.id] };
    expect(await listed({ everybody: true, filter: both })).toEqual(ids);
    expect(await listed({ everybody: true, filter: { ...both, status: ['failed'] } })).toEqual(ids.slice(2, 4));
    expect(await listed({ everybody: true, filter: { userIds: [bob.id] } })).toEqual([ids[0], ids[2], ids[4]]);
    expect(await listed({ user: ada.id, filter: { userIds: [bob.id] } })).toEqual([]);
    expect(await listed({ user: ada.id, filter: both })).toEqual([ids[1], ids[3], ids[5]]);
    expect(await listed({ user: ada.id, filter: { userIds: [bob.id], ids: [ids[0]] } })).toEqual([]);
  });

  test('a list is found by who or what started the executions', async () => {
    await ledger.db.query(
      `insert into runledger.workflow_executions (workflow_id, created_by, temporal_workflow_id, start_by, last_transition)
         values ($1, $2, 'by-api', now() + interval '1 minute', '{"source": "service", "actor": "ada"}')`,
      [ledger.ada.workflowId, ledger.ada.id],
    );
    const [direct] = await ledger.db.query<{ id: string }>(
      `insert into runledger.workflow_executions (workflow_id, created_by, engine, last_transition)
         values ($1, $2, 'none', '{"source": "service", "reason": "imported"}') returning id`,
      [ledger.ada.workflowId, ledger.ada.id],
    );
    const imported = direct?.id as string;
    const [api] = await ledger.db.query<{ id: string }>(
      `select id from runledger.workflow_executions where temporal_workflow_id = 'by-api'`,
    );
    expect(await listed({ everybody: true, filter: { origin: ['api'] } })).toEqual([api?.id]);
    expect(await listed({ user: ledger.ada.id, filter: { origin: ['import', 'api'] } })).toEqual([imported, api?.id]);
    expect(await listed({ everybody: true, filter: { origin: ['schedule'] } })).toEqual([]);
    const [count] = await ledger.db.query<{ n: number }>(
      `select (runledger.count_executions(null, null, '{"origin": ["import"]}', true) ->> 'count')::int as n`,
    );
    expect(count?.n).toBe(1);
  });
});
