import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { openLedger } from '../ledger-database.ts';
import { importAll } from '../limits/import-calls.ts';
import { compare, drain, forward, giveBack } from './forwarding-calls.ts';
import { applicationSql, people, writeExecutions, writeRuns } from './old-application.ts';

const TABLE = 'public.workflow_runs';

let ledger: LedgerDatabase;
beforeAll(async () => {
  ledger = await openLedger('postgres-17');
  await ledger.db.exec(applicationSql);
  await ledger.db.exec(people);
});
afterAll(() => ledger.db.close());

const countOf = async (query: string) =>
  (await ledger.db.query<{ n: number }>(`select count(*)::int as n from ${query}`))[0]?.n;
const verified = async () =>
  expect(await ledger.db.query('select * from runledger.verify_execution_stats()')).toEqual([]);
const inAMoment = () => new Promise((next) => setTimeout(next, 1_000));

/** Every row is one execution, every execution one row, and both say the same. */
async function expectTheSame() {
  const rows = await countOf(TABLE);
  expect(await compare(ledger.db)).toEqual({ rows, same: rows, differences: [] });
  expect(await countOf('runledger.workflow_executions')).toBe(rows);
  expect(await countOf(`${TABLE} r join runledger.workflow_executions e on e.id = r.id`)).toBe(rows);
  expect(await countOf('runledger.forwarded_rows')).toBe(0);
  await verified();
}

test('a table is adopted while its application goes on writing: nothing is lost, nothing comes twice', async () => {
  const { db } = ledger;
  const [stop, written] = [{ now: false }, { now: false }];
  await db.query(`select runledger.forward_runs('${TABLE}')`);
  const writers = [writeRuns(db, { stop }), writeRuns(db, { stop }), writeRuns(db, { stop })];
  const drains = [drain(db, forward, written), drain(db, forward, written)];
  await importAll(db, { source: TABLE, limit: 100 });
  await inAMoment();
  stop.now = true;
  const deeds = await Promise.all(writers);
  // What is written last is drained too.
  written.now = true;
  await Promise.all(drains);
  const begun = deeds.reduce((n, { begun: some, deleted }) => n + some - deleted, 600);
  expect(await countOf(TABLE)).toBe(begun);
  await expectTheSame();
});

test('after the switch the old table is kept up, also for writers of old who are late', async () => {
  const { db } = ledger;
  const spelled = { timed_out: 'error', pending: 'running' };
  await expect(
    db.query(`select runledger.return_runs('${TABLE}', $1::jsonb)`, [JSON.stringify(spelled)]),
  ).rejects.toThrow('spelled: cancelled as "cancelled", terminated as "terminated"');
  expect(await db.query('select returns from runledger.forwarded_tables')).toEqual([{ returns: false }]);
  const [row] = await db.query<{ spellings: object }>(
    `select runledger.return_runs('${TABLE}', $1::jsonb) as spellings`,
    [JSON.stringify({ ...spelled, cancelled: 'error', terminated: 'error' })],
  );
  expect(row?.spellings).toMatchObject({
    completed: 'success',
    failed: 'error',
    running: 'running',
    timed_out: 'error',
  });
  const before = (await countOf(TABLE)) ?? 0;
  const [stop, written] = [{ now: false }, { now: false }];
  const writers = [writeExecutions(db, { stop }), writeExecutions(db, { stop }), writeRuns(db, { stop })];
  const drains = [drain(db, forward, written), drain(db, giveBack, written)];
  await inAMoment();
  stop.now = true;
  const deeds = await Promise.all(writers);
  // What is written last is drained too.
  written.now = true;
  await Promise.all(drains);
  await drain(db, forward, stop);
  expect(await countOf(TABLE)).toBe(deeds.reduce((n, { begun, deleted }) => n + begun - deleted, before));
  const rows = (await countOf(TABLE)) ?? 0;
  const { differences, same } = await compare(db);
  // The table has no word for a time-out: it says error, and the comparison says so.
  const timedOut = (await countOf(`runledger.workflow_executions where status = 'timed_out'`)) ?? 0;
  expect(timedOut).toBeGreaterThan(0);
  expect(differences.reduce((n, d) => n + d.rows, 0)).toBe(timedOut);
  expect(new Set(differences.map(({ what, theirs, ours }) => `${what} ${theirs} ${ours}`))).toEqual(
    new Set(['status failed timed_out']),
  );
  expect(same).toBe(rows - timedOut);
  expect(await countOf('runledger.workflow_executions')).toBe(rows);
  await verified();
});

test('a view over the ledger reads as the table that is kept up, for each user their own', async () => {
  const { db } = ledger;
  const [made] = await db.query<{ view: string }>(
    `select runledger.read_back('${TABLE}', 'runs_of_ledger', '{"timed_out": "error", "pending": "running"}') as view`,
  );
  expect(made).toEqual({ view: 'public.runs_of_ledger' });
  const columnsOf = (relation: string) =>
    db.query(`select attname, format_type(atttypid, atttypmod) from pg_attribute
               where attrelid = '${relation}'::regclass and attnum > 0 order by attnum`);
  expect(await columnsOf('public.runs_of_ledger')).toEqual(await columnsOf(TABLE));
  const read = 'id, user_id, workflow_id, status, started_at, completed_at, state_snapshot';
  const rows = (await countOf(TABLE)) ?? 0;
  expect(rows).toBeGreaterThan(600);
  expect(
    await countOf(`(select ${read} from ${TABLE} intersect select ${read} from public.runs_of_ledger) both_have`),
  ).toBe(rows);
  expect(await countOf('public.runs_of_ledger')).toBe(rows);
  await expect(db.query(`select runledger.read_back('${TABLE}', 'runs_of_ledger')`)).rejects.toThrow('already exists');
});

test('on the way back the application writes its own table again, and the ledger can go', async () => {
  const { db } = ledger;
  await expect(db.query(`select runledger.stop_forwarding('public.workflow_executions')`)).rejects.toThrow(
    'There is no',
  );
  // Whatever was noted in either direction at the last moment of the writers before.
  for (const way of [giveBack, forward]) await drain(db, way, { now: true });
  await db.query(
    `insert into public.workflow_runs (user_id, workflow_id) select 'person-1', id from public.workflows limit 1`,
  );
  await expect(db.query(`select runledger.stop_forwarding('${TABLE}')`)).rejects.toThrow('1 changes of');
  await forward(db);
  expect(await db.query(`select runledger.stop_forwarding('${TABLE}') as was`)).toEqual([{ was: true }]);
  await db.query(
    `insert into public.workflow_runs (user_id, workflow_id) select 'person-1', id from public.workflows limit 1`,
  );
  await db.query(
    `update runledger.workflow_executions set verdict = 'fine' where id = (select id from runledger.workflow_executions limit 1)`,
  );
  expect(await countOf('runledger.forwarded_rows')).toBe(0);
  expect(
    await db.query(`select tgname from pg_trigger where tgname like 'runledger_%' and tgname ~ 'forward|return'`),
  ).toEqual([]);
});
