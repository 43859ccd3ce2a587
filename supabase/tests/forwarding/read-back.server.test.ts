import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { insertDirect, openLedger } from '../ledger-database.ts';
import { importAll } from '../limits/import-calls.ts';

let ledger: LedgerDatabase;
beforeAll(async () => {
  ledger = await openLedger('postgres-17');
});
afterAll(() => ledger?.db.close());

/** A table of Ada's with two rows, under keys of this type. */
async function oldRuns(name: string, columns: string): Promise<void> {
  const { db, ada } = ledger;
  await db.exec(`create table public.${name} (${columns}, user_id text default '${ada.id}',
    workflow_id uuid default '${ada.workflowId}', status text, started_at timestamptz default '2026-01-01', note text)`);
}

describe('a view over the ledger reads as the table', () => {
  test.each([
    ['bigint', 'id bigint primary key', "(7, 'running'), (8, 'success')", [7, 8], null],
    ['text', 'id text primary key', "('run-7', 'running'), ('run-8', 'success')", ['run-7', 'run-8'], 'id'],
  ])(
    'whose key is a %s: executions that never were a row have their id, where that fits',
    async (type, column, values, keys, own) => {
      const { db, ada } = ledger;
      const name = `runs_by_${type}`;
      await oldRuns(name, `${column}, completed_at timestamptz default '2026-01-02'`);
      await db.exec(`insert into public.${name} (id, status) values ${values}`);
      await importAll(db, { source: `public.${name}` });
      await db.query(`select runledger.read_back('public.${name}', 'public.${name}_of_ledger')`);
      const read = () => db.query<{ id: unknown }>(`select id, status from public.${name}_of_ledger`);
      const known = (await read()).filter(({ id }) => (keys as unknown[]).map(String).includes(String(id)));
      expect(known.map(({ id }) => String(id)).toSorted()).toEqual(keys.map(String));
      const { id } = { id: await insertDirect(ledger, { created_by: ada.id, tags: '{}' }) };
      const after = (await read()).map((row) => row.id);
      if (own) expect(after).toContain(id);
      else expect(after).toContain(null);
    },
  );

  test('whose key is a number, and whose uuid is in another column: both are told', async () => {
    const { db } = ledger;
    await oldRuns(
      'runs_by_both',
      'no bigint primary key, run_id uuid not null default gen_random_uuid(), completed_at date default now()',
    );
    await db.exec("insert into public.runs_by_both (no, status) values (41, 'success')");
    await importAll(db, { source: 'public.runs_by_both' });
    await db.query(`select runledger.read_back('public.runs_by_both', 'public.runs_by_both_of_ledger')`);
    const of = (relation: string) => db.query(`select no::text, run_id from ${relation} where no = 41`);
    expect(await of('public.runs_by_both_of_ledger')).toEqual(await of('public.runs_by_both'));
  });
});

describe('statuses that the column of the table cannot hold', () => {
  const back = (name: string, spellings: object = {}) =>
    ledger.db.query(`select runledger.return_runs('public.${name}', $1::jsonb)`, [JSON.stringify(spellings)]);
  const all = (spelling: string) =>
    Object.fromEntries(['pending', 'cancelled', 'timed_out', 'terminated'].map((status) => [status, spelling]));

  test.each([
    ['an enum', "create type public.run_state as enum ('running', 'completed', 'failed')", 'public.run_state'],
    ['a length', '', 'varchar(9)'],
    [
      'a domain',
      "create domain public.run_word as text check (value in ('running', 'completed', 'failed'))",
      'public.run_word',
    ],
    ['a check', '', "text check (status in ('running', 'completed', 'failed'))"],
  ])('because of %s are refused by name before anything is written', async (what, before, type) => {
    const { db } = ledger;
    const name = `spelled_by_${what.split(' ')[1]}`;
    if (before) await db.exec(before);
    await oldRuns(name, 'id uuid primary key default gen_random_uuid(), completed_at timestamptz');
    await db.exec(
      `alter table public.${name} drop column status; alter table public.${name} add column status ${type}`,
    );
    await db.query(`select runledger.forward_runs('public.${name}')`);
    await expect(back(name)).rejects.toThrow(/cannot hold.*terminated as "terminated"/);
    const returns = () => db.query(`select returns from runledger.forwarded_tables where source like '%${name}'`);
    expect(await returns()).toEqual([{ returns: false }]);
    await back(name, all('failed'));
    expect(await returns()).toEqual([{ returns: true }]);
    await db.query(`select runledger.stop_forwarding('public.${name}', true)`);
  });
});
