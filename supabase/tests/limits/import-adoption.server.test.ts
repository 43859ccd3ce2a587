import type { SqlSession } from '@runledger/local-stack';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { openLedger } from '../ledger-database.ts';
import { adoptedTables } from './adopted-tables.ts';
import type { ImportAnswer } from './import-calls.ts';
import { groupName, importAll, importBatch } from './import-calls.ts';
import { insertOld, resetOldTable } from './old-table.ts';

const ROWS = 1_500;
const CHOICES = { drop_duration: true, create_users: true, statuses: { 'on hold': 'pending' }, keep_rest: true };

let ledger: LedgerDatabase;
beforeEach(async () => {
  ledger = await openLedger('postgres-17');
});
afterEach(() => ledger.db.close());

/** What a whole dry run says, as one answer. */
async function dryRunAll(db: SqlSession, call: { source: string; options: object; limit: number }) {
  const counts: Record<string, number> = {};
  const sum = { rows: 0, taken: 0, known: 0, refused: 0 };
  let answer: ImportAnswer | undefined;
  do {
    const from: { pass?: number; after?: string | null } = answer
      ? { pass: answer.pass ?? 0, after: answer.after }
      : {};
    answer = await importBatch(db, { ...call, ...from, dryRun: true });
    for (const name of ['rows', 'taken', 'known', 'refused'] as const) sum[name] += answer[name];
    for (const group of answer.groups) counts[groupName(group)] = (counts[groupName(group)] ?? 0) + group.rows;
  } while (!answer.done);
  return { ...sum, counts };
}

const resultOf = ({ rows, taken, known, refused, groups }: ImportAnswer) => ({
  rows,
  taken,
  known,
  refused,
  counts: Object.fromEntries(groups.map((group) => [groupName(group), group.rows])),
});

const verified = async (db: SqlSession) => {
  expect(await db.query('select * from runledger.verify_execution_stats()')).toEqual([]);
};

describe.each(Object.entries(adoptedTables))('a table that is %s', (_, { source, sql }) => {
  test.each([
    ['as it is', {}, 200],
    ['with every choice', { ...CHOICES, swap_times: true }, 70],
    ['with other choices', { ...CHOICES, drop_end: true, user: 'person-1' }, ROWS + 1],
  ])('is imported %s just as the dry run said, count by count', async (__, options, limit) => {
    await ledger.db.exec(sql(ROWS));
    const call = { source, options, limit };
    const dry = await dryRunAll(ledger.db, call);
    expect(await ledger.db.query('select from runledger.workflow_executions')).toEqual([]);
    expect(await ledger.db.query('select from runledger.execution_import_previews')).toEqual([]);
    expect(dry.rows).toBe(ROWS);
    expect(dry.taken).toBeGreaterThan(ROWS / 2);
    expect(resultOf(await importAll(ledger.db, call))).toEqual(dry);
    expect(await ledger.db.query('select count(*)::int as n from runledger.workflow_executions')).toEqual([
      { n: dry.taken },
    ]);
    await verified(ledger.db);
    // What is imported already is known to the next dry run and the next import alike.
    const totals = { rows: ROWS, taken: 0, known: dry.taken, refused: dry.refused };
    expect(await dryRunAll(ledger.db, call)).toMatchObject(totals);
    expect(await importAll(ledger.db, call)).toMatchObject(totals);
  });
});

test('titles become names, counts of activities are taken, and a column without a place is kept on request', async () => {
  const { titled, spelled } = adoptedTables;
  await ledger.db.exec(titled?.sql(60) ?? '');
  await importAll(ledger.db, { source: titled?.source ?? '' });
  const names = await ledger.db.query<{ name: string }>(
    `select name from runledger.workflows where name like 'Report %'`,
  );
  expect(names).toHaveLength(10);
  await ledger.db.exec('drop table public.workflow_runs, public.workflows');
  await ledger.db.exec(spelled?.sql(60) ?? '');
  await importAll(ledger.db, { source: spelled?.source ?? '', options: { keep_rest: true } });
  const rows = await ledger.db.query<{ n: number; activities: number; region: string }>(
    `select (input ->> 'n')::int as n, activities_executed as activities, metadata -> 'imported' ->> 'region' as region
       from runledger.workflow_executions where input ? 'n'`,
  );
  expect(rows.length).toBeGreaterThan(20);
  for (const { n, activities, region } of rows) expect([activities, region]).toEqual([n % 6, `eu-${n % 2}`]);
});

describe('what contradicts itself', () => {
  const backwards = { started_at: '2025-03-01T17:00:00Z', completed_at: '2025-03-01T10:00:00Z', duration_ms: 4_000 };
  const ahead = { completed_at: '2999-01-01T00:00:00Z', duration_ms: 4_000 };
  const negative = { duration_ms: -5 };
  const many = { tags: Array.from({ length: 51 }, (_, n) => `t${n}`) };

  test.each([
    ['an end before its start', backwards, {}, null],
    ['an end before its start', backwards, { swap_times: true }, ['10:00:00', '17:00:00', 4_000, 0]],
    ['an end before its start', backwards, { drop_end: true }, ['17:00:00', '17:00:04', 4_000, 0]],
    ['an end in the future', ahead, {}, null],
    ['an end in the future', ahead, { swap_times: true }, null],
    ['an end in the future', ahead, { drop_end: true }, ['10:00:00', '10:00:04', 4_000, 0]],
    ['a negative duration', negative, {}, null],
    ['a negative duration', negative, { drop_duration: true }, ['10:00:00', '10:00:01', 1_000, 0]],
    ['too many tags', many, {}, null],
    ['too many tags', many, { cut: true }, ['10:00:00', '10:00:01', 1_000, 50]],
  ] as const)('%s, %j, by the options %j', async (_, columns, options, expected) => {
    await resetOldTable(ledger);
    await insertOld(ledger, columns);
    await importAll(ledger.db, { options });
    const rows = await ledger.db.query(
      `select to_char(started_at at time zone 'UTC', 'HH24:MI:SS') as began, to_char(completed_at at time zone 'UTC', 'HH24:MI:SS') as ended,
              duration_ms::int as ms, cardinality(tags) as tags from runledger.workflow_executions`,
    );
    expect(rows.map((row) => Object.values(row as object))).toEqual(expected === null ? [] : [expected]);
  });
});

test('one row that the database refuses stops no other of its part, and is told by its key', async () => {
  await resetOldTable(ledger);
  const ids = await Promise.all(Array.from({ length: 40 }, () => insertOld(ledger)));
  // A rule of the application's own, which no import can know.
  await ledger.db.exec(
    `alter table runledger.workflow_executions add constraint not_this_one check (id <> '${ids[17]}')`,
  );
  expect(await importAll(ledger.db)).toMatchObject({ rows: 40, taken: 39, refused: 1 });
  expect(
    await ledger.db.query(`select source_id, reason from runledger.execution_import_rows where result = 'refused'`),
  ).toEqual([{ source_id: ids[17], reason: 'the database refuses it' }]);
});
