import { randomUUID } from 'node:crypto';
import { inCi, withinOneHour } from '@runledger/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { openLedger, recordOutcomes, report } from '../ledger-database.ts';
import { admit, insertQuota, quotasOf, refusalOf } from './quota-calls.ts';

/** How often each is tried, as a share of what CI tries. */
const SHARE = inCi(1, 0.2);
const TIMES = 30 * SHARE;

let ledger: LedgerDatabase;
beforeAll(async () => {
  ledger = await openLedger('postgres-17');
});
afterAll(() => ledger.db.close());

async function addUser(): Promise<string> {
  const id = randomUUID();
  await ledger.db.query('insert into runledger.users (id) values ($1)', [id]);
  return id;
}

/** Which of the calls came through; any refusal but by a quota fails. */
async function admitted(calls: Promise<string>[]): Promise<string[]> {
  const settled = await Promise.allSettled(calls);
  await Promise.all(settled.map((s) => s.status === 'rejected' && refusalOf(Promise.reject(s.reason))));
  return settled.flatMap((s) => (s.status === 'fulfilled' ? [s.value] : []));
}

test.each([
  ['executions_per_hour', 'a first run', 0],
  ['executions_per_hour', 'one that is left', 1],
  ['executions_per_day', 'one that is left', 1],
  ['executions_per_month', 'one that is left', 1],
  ['concurrent_executions', 'a first run', 0],
  ['concurrent_executions', 'one that is left', 1],
])(`%s: ten submits at once for %s admit one, ${TIMES} times`, async (limit, _, before) => {
  await ledger.db.exec('delete from runledger.execution_quotas');
  await insertQuota(ledger, { [limit]: before + 1 });
  for (let round = 0; round < TIMES; round++) {
    await withinOneHour();
    const user = await addUser();
    for (let n = 0; n < before; n++) await admit(ledger, { created_by: user });
    const ids = await admitted(Array.from({ length: 10 }, () => admit(ledger, { created_by: user })));
    expect(ids).toHaveLength(1);
    const rows = await ledger.db.query('select id from runledger.workflow_executions where created_by = $1', [user]);
    expect(rows).toHaveLength(before + 1);
    expect(await quotasOf(ledger, user)).toMatchObject([{ used: before + 1 }]);
  }
});

test('ten attempts of one submit at once are one execution, charged once, whoever comes first', async () => {
  await ledger.db.exec('delete from runledger.execution_quotas');
  await insertQuota(ledger, { executions_per_hour: 1, concurrent_executions: 1 });
  for (let round = 0; round < 50 * SHARE; round++) {
    await withinOneHour();
    const [user, id] = [await addUser(), randomUUID()];
    const answers = await Promise.all(Array.from({ length: 10 }, () => admit(ledger, { id, created_by: user })));
    expect(new Set(answers)).toEqual(new Set([id]));
    expect(await quotasOf(ledger, user)).toMatchObject([{ used: 1 }, { used: 1 }]);
  }
});

test('reports that end runs while others are submitted never let more than the limit be open', async () => {
  await ledger.db.exec('delete from runledger.execution_quotas');
  await insertQuota(ledger, { concurrent_executions: 3 });
  const user = await addUser();
  let total = 0;
  for (let round = 0; round < 60 * SHARE; round++) {
    const open = await ledger.db.query<{ id: string }>(
      `select id from runledger.workflow_executions where created_by = $1 and status in ('pending', 'running') limit 2`,
      [user],
    );
    const [ids] = await Promise.all([
      admitted(Array.from({ length: 8 }, () => admit(ledger, { created_by: user }))),
      ...open.map(({ id }) => recordOutcomes(ledger.db, [report(id, 'completed')])),
    ]);
    total += ids.length;
    const [{ n } = { n: 99 }] = await ledger.db.query<{ n: number }>(
      `select count(*)::int as n from runledger.workflow_executions where created_by = $1 and status in ('pending', 'running')`,
      [user],
    );
    expect(n).toBeLessThanOrEqual(3);
  }
  expect(total).toBeGreaterThan(50 * SHARE);
});

test('submits of several users in several workflows never wait for each other in a circle, whatever is deleted meanwhile', async () => {
  const { db } = ledger;
  await db.exec('delete from runledger.execution_quotas');
  const workflows = await db.query<{ id: string }>(
    `insert into runledger.workflows (user_id, name, workflow_type, task_queue)
     select $1, 'Many', 'many', 'demo' from generate_series(1, 4) returning id`,
    [ledger.ada.id],
  );
  await insertQuota(ledger, { executions_per_month: 1_000_000 });
  for (const { id } of workflows)
    await insertQuota(ledger, { workflow_id: id, executions_per_month: 1_000_000, concurrent_executions: 1_000_000 });
  const problems: unknown[] = [];
  let submitted = 0;
  for (let round = 0; round < 15 * SHARE; round++) {
    const users = await Promise.all(Array.from({ length: 3 }, addUser));
    await insertQuota(ledger, { user_id: users[0], executions_per_day: 1_000_000 });
    const submits = Array.from({ length: 30 }, (_, i) =>
      admit(ledger, { created_by: users[i % 3], workflow_id: workflows[i % 4]?.id }).then(() => submitted++),
    );
    const deletions = [
      db.query('delete from runledger.users where id = $1', [users[0]]),
      db.query('delete from runledger.execution_quotas where workflow_id = $1', [workflows[round % 4]?.id]),
    ];
    for (const settled of await Promise.allSettled([...submits, ...deletions])) {
      // Whose user is gone is told so.
      if (settled.status === 'rejected' && settled.reason.code !== '23503') problems.push(settled.reason);
    }
  }
  expect(problems).toEqual([]);
  expect(submitted).toBeGreaterThan(250 * SHARE);
});
