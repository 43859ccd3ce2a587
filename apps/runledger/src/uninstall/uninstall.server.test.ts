/** Against a database of its own, with an application in it. */
import { PassThrough, Writable } from 'node:stream';
import { runProgram } from '@runledger/cli';
import type { SqlDatabase, TestDatabase } from '@runledger/local-stack';
import { applyMigrations, createTestDatabase, openPostgres, supabasePlatformSql } from '@runledger/local-stack';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addUninstall } from './uninstall.ts';

const NAME = `adopter_${process.pid}`;

let server: TestDatabase;
let database: SqlDatabase;
let url: string;

beforeAll(async () => {
  server = await createTestDatabase('postgres-17');
  await server.exec(`create database ${NAME}`);
  url = Object.assign(new URL(server.url as string), { pathname: NAME }).href;
  database = await openPostgres(url);
  await database.exec(supabasePlatformSql);
  await database.exec(`create table public.runs (id int primary key, user_id text, workflow_id uuid, status text, started_at timestamptz);
    insert into public.runs values (1, 'ada', gen_random_uuid(), 'completed', now())`);
});
afterAll(async () => {
  await database?.close();
  await server?.exec(`drop database ${NAME}`);
  await server?.close();
});

/** Whatever is there outside of the system's schemas. */
async function contents(): Promise<string[]> {
  const rows = await database.query<{ part: string }>(`
    select nspname as part from pg_namespace where nspname !~ '^pg_'
    union all select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname !~ '^pg_'
    union all select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname !~ '^pg_'
    union all select tgname || ' on ' || tgrelid::regclass from pg_trigger where not tgisinternal
    union all select r::text from public.runs r
    union all select extname from pg_extension order by 1`);
  return rows.map(({ part }) => part);
}

async function uninstall(line: string, { at = url, typed }: { at?: string; typed?: string } = {}) {
  let output = '';
  const collect = () =>
    Object.assign(
      new Writable({
        decodeStrings: false,
        write(text: string, _, done) {
          output += text;
          if (typed !== undefined && text.includes('to confirm')) stdin.write(`${typed}\n`);
          done();
        },
      }),
      { isTTY: typed !== undefined },
    );
  const stdin = Object.assign(new PassThrough(), { isTTY: typed !== undefined });
  const host = { env: { DATABASE_URL: at }, stdin, stdout: collect(), stderr: collect() };
  const args = ['uninstall', ...line.split(' ').filter(Boolean)];
  const code = await runProgram(args, host as unknown as Parameters<typeof runProgram>[1], [addUninstall]);
  return { code, output };
}

describe('uninstall', () => {
  let before: string[];
  let installed: string[];
  beforeEach(async () => {
    before = await contents();
    await applyMigrations(database);
    installed = await contents();
  });

  test('a dry run says what would be dropped, and drops nothing; agreed to, the application is as it was', async () => {
    const tried = await uninstall('--dry-run');
    expect(tried).toEqual({ code: 0, output: expect.stringContaining('trigger runledger_users_came on auth.users') });
    expect(tried.output).toMatch(/with 0 executions .*\n(.*\n)*.*line \d{14}_runledger in the history of migrations/);
    expect(await contents()).toEqual(installed);
    expect((await uninstall('')).output).toContain('Nothing was dropped. Add --yes');
    expect((await uninstall('', { typed: 'another' })).code).toBe(1);
    expect(await contents()).toEqual(installed);

    expect(await uninstall('', { typed: NAME })).toMatchObject({
      code: 0,
      output: expect.stringContaining('as it was'),
    });
    expect(await contents()).toEqual(before);
    expect(await uninstall('--yes')).toEqual({ code: 2, output: expect.stringContaining('is not installed') });
  });

  test('where the application uses the ledger, or changes are not settled, it says so and drops nothing', async () => {
    await database.exec('create view public.mine as select id from runledger.workflow_executions');
    for (const line of ['--dry-run', '--yes']) {
      const { code, output } = await uninstall(line);
      expect([code, output]).toEqual([
        1,
        expect.stringMatching(/Nothing was dropped\. Something else uses the ledger: .*mine/s),
      ]);
    }
    await database.exec(`drop view public.mine;
      select runledger.forward_runs('public.runs');
      update public.runs set status = 'failed'`);
    expect(await uninstall('--yes')).toEqual({
      code: 1,
      output: expect.stringContaining('1 changes of a cut-over are not settled'),
    });
    expect((await uninstall('--yes --drop-changes')).code).toBe(0);
    expect((await contents()).filter((part) => /runledger/.test(part))).toEqual([]);
  });

  test('a database that is not named, or does not answer, is said, and no password is', async () => {
    expect((await uninstall('', { at: '' })).output).toContain('Give --database-url');
    const { code, output } = await uninstall('--yes', { at: 'postgresql://me:secret@127.0.0.1:1/x' });
    expect([code, output]).toEqual([3, expect.not.stringContaining('secret')]);
  });
});
