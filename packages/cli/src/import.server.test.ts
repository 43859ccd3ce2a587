import { readFile } from 'node:fs/promises';
import { startTcpProxy } from '@runledger/local-stack';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runledgerHere } from './fixtures/runledger.ts';
import type { Stack } from './fixtures/stack.ts';
import { startStack } from './fixtures/stack.ts';

const DOCUMENT = new URL('../../../docs/importing.md', import.meta.url);

let stack: Stack;
let workflowId: string;
beforeAll(async () => {
  stack = await startStack();
  const [workflow] = await stack.supabase.database.query<{ id: string }>('select id from runledger.workflows');
  workflowId = workflow?.id ?? '';
});
beforeEach(() =>
  stack.supabase.database.exec(`
    delete from runledger.workflow_executions;
    delete from runledger.execution_imports;
    delete from runledger.execution_import_rows;
    drop table if exists public.workflow_executions, public.workflow_runs;
    create table public.workflow_runs (
      id uuid primary key default gen_random_uuid(), user_id text, workflow_id uuid, status text, started_at timestamptz default now(),
      completed_at timestamptz default now(), error_details jsonb, answer_text text, temporal_workflow_id text, temporal_run_id text, priority int);
    grant all on public.workflow_runs to service_role`),
);
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
});

const insert = (columns: string, values: string) =>
  stack.supabase.database.query(
    `insert into public.workflow_runs (workflow_id, ${columns}) select '${workflowId}', ${values}`,
  );
const executions = () =>
  stack.supabase.database.query<{ id: string; status: string; outcome_authority: string | null }>(
    'select id, status, outcome_authority from runledger.workflow_executions',
  );

describe('runledger import', () => {
  test('says what it would take and what not, takes it, and takes nothing twice', async () => {
    await insert('user_id, status', `'anna', 'success' from generate_series(1, 12)`);
    await insert('user_id, status', `'nobody', 'success' from generate_series(1, 2)`);
    await insert('user_id, status, completed_at', `'anna', 'running', null`);
    await insert('user_id, status', `'anna', 'paused'`);

    const dry = await stack.run('import --dry-run --batch 5', { COLUMNS: '140' });
    expect(dry.code).toBe(1);
    expect(dry.stdout).toMatch(/^public\.workflow_runs: 16 rows, told apart by id\n/);
    expect(dry.stdout).toMatch(/ {2}user_id +text +user\n/);
    expect(dry.stdout).toMatch(/ {2}priority +integer +– \(metadata\.imported with --keep-rest\)\n/);
    expect(dry.stdout).toMatch(/ {2}success +14 {2}completed\n/);
    expect(dry.stdout).toMatch(/ {2}paused +1 {2}\? \(say it with --status paused=…\)\n/);
    expect(dry.stdout).toContain('! 16 rows: 13 would be taken, 0 known already, 3 would be refused.\n');
    expect(dry.stdout).toMatch(
      / {2}2 {2}its user is not in runledger\.users \(--create-users adds them\); row [\w-]+: nobody\n/,
    );
    expect(await executions()).toEqual([]);

    const real = await stack.run('import --batch 5 --status paused=running --create-users', { COLUMNS: '140' });
    expect(real.code).toBe(0);
    expect(real.stdout).toContain('✓ 16 rows: 16 taken, 0 known already, 0 refused.\n');
    expect(real.stdout).toMatch(/ {2}2 {2}it is still open, and no engine knows how it ends; row [\w-]+\n/);
    expect(await executions()).toHaveLength(16);

    const again = await stack.run('import public.workflow_runs --status paused=running --json');
    expect([again.code, JSON.parse(again.stdout)]).toEqual([
      0,
      expect.objectContaining({ rows: 16, taken: 0, known: 16, refused: 0 }),
    ]);
    expect(await executions()).toHaveLength(16);
  });

  test('a row that is stuck in running is checked against Temporal by its ids', async () => {
    const { workflowId: id, runId, handle } = await stack.start();
    await handle.terminate('runaway');
    await insert(
      'user_id, status, completed_at, temporal_workflow_id, temporal_run_id',
      `'anna', 'running', null, '${id}', '${runId}'`,
    );
    expect((await stack.run('import')).stdout).toContain('it is still open; the monitor asks Temporal; row');
    expect(await executions()).toMatchObject([{ status: 'running', outcome_authority: null }]);
    expect((await stack.run('reconcile')).code).toBe(0);
    expect(await executions()).toMatchObject([{ status: 'terminated', outcome_authority: 'engine' }]);
  });

  test('an end since --confirm-since that the table has wrong is corrected by Temporal', async () => {
    const { workflowId: id, runId, handle } = await stack.start();
    await handle.terminate('runaway');
    await insert('user_id, status, temporal_workflow_id, temporal_run_id', `'anna', 'success', '${id}', '${runId}'`);
    await stack.run('import --confirm-since 7d');
    expect(await executions()).toMatchObject([{ status: 'completed', outcome_authority: 'reported' }]);
    await stack.run('reconcile');
    expect(await executions()).toMatchObject([{ status: 'terminated', outcome_authority: 'engine' }]);
  });

  test('asks Temporal about open rows, and says how many of them it knows, before and when they are taken', async () => {
    const { workflowId: id, runId } = await stack.start();
    const columns = 'user_id, status, completed_at, temporal_workflow_id, temporal_run_id';
    await insert(columns, `'anna', 'running', null, '${id}', '${runId}'`);
    await insert(
      columns,
      `'anna', 'running', null, 'forgotten-' || n, gen_random_uuid()::text from generate_series(1, 3) n`,
    );
    const said = '4 open rows with a Temporal workflow id: Temporal knows 1 of 4.\n';
    expect((await stack.run('import --dry-run')).stdout).toContain(`${said}The others would stay open as lost.`);
    expect((await stack.run('import')).stdout).toContain(`${said}The others stay open as lost.`);
    const again = JSON.parse((await stack.run('import --json')).stdout);
    expect(again).toMatchObject({ known: 4, open: { rows: 0, asked: 0, known: 0, error: null } });
  });

  test('brings in what the application changes meanwhile, says where both differ, and writes back after the switch', async () => {
    const sql = (text: string) => stack.supabase.database.query<{ id: string }>(text);
    await sql(`select runledger.forward_runs('public.workflow_runs')`);
    await insert('user_id, status, completed_at', `'anna', 'running', null from generate_series(1, 3)`);
    await stack.run('import');
    expect(await stack.run('import --changes')).toMatchObject({
      code: 0,
      stdout: '✓ 3 changes: 0 taken, 0 changed, 0 deleted, 0 refused.\n',
    });
    await sql(`update public.workflow_runs set status = 'success', completed_at = now()
                where id = (select min(id::text)::uuid from public.workflow_runs)`);
    const differs = await stack.run('import --compare', { COLUMNS: '140' });
    expect(differs.code).toBe(1);
    expect(differs.stdout).toMatch(/^! 3 rows: 2 as the ledger has them\.\n/);
    expect(differs.stdout).toMatch(/1 {2}status; row [\w-]+: completed in the table, running in the ledger\n/);
    await insert('user_id, status', `'anna', 'error'`);
    expect((await stack.run('import --changes')).stdout).toBe(
      '✓ 2 changes: 1 taken, 1 changed, 0 deleted, 0 refused.\n',
    );
    expect(await stack.run('import --compare')).toMatchObject({
      code: 0,
      stdout: '✓ 4 rows: 4 as the ledger has them.\n',
    });

    await sql(`select runledger.return_runs('public.workflow_runs')`);
    await stack.service.createExecution({ workflowId, userId: 'anna' });
    const both = await stack.run('import --changes --json');
    expect([both.code, JSON.parse(both.stdout)]).toEqual([
      0,
      { forwarded: expect.objectContaining({ rows: 0 }), returned: { rows: 1, written: 1, deleted: 0, refused: 0 } },
    ]);
    expect(await sql('select from public.workflow_runs')).toHaveLength(5);
    expect((await stack.run('import --compare')).code).toBe(0);
    await sql(`select runledger.stop_forwarding('public.workflow_runs')`);
    expect(await stack.run('import --changes')).toMatchObject({ code: 2, stdout: '' });
    expect((await stack.run('import --compare')).stdout).toBe('✓ 5 rows: 5 as the ledger has them.\n');
  });

  test('follows the application over an outage of the ledger, and loses nothing of what changed meanwhile', async () => {
    const { database, url } = stack.supabase;
    await database.exec(`select runledger.forward_runs('public.workflow_runs')`);
    await using proxy = await startTcpProxy({ target: new URL(url).host });
    const leave = new AbortController();
    let said = '';
    const following = runledgerHere(
      ['import', '--changes', '--follow'],
      { ...stack.variables, SUPABASE_URL: `http://${proxy.address}` },
      { ending: () => leave.signal, onText: (text) => (said += text) },
    );
    const taken = async () => (await executions()).length;
    await insert('user_id, status', `'anna', 'success' from generate_series(1, 2)`);
    await expect.poll(taken).toBe(2);
    proxy.cut();
    await insert('user_id, status', `'anna', 'success' from generate_series(1, 3)`);
    await expect.poll(() => said).toContain('It is tried again.');
    proxy.restore();
    await expect.poll(taken).toBe(5);
    leave.abort();
    expect(await following).toMatchObject({
      code: 0,
      stdout: '✓ 5 changes: 5 taken, 0 changed, 0 deleted, 0 refused.\n',
    });
    await database.exec(`select runledger.stop_forwarding('public.workflow_runs')`);
  });

  test('says what is wrong with what it was told', async () => {
    const wrong: Record<string, [number, string]> = {
      'import nowhere': [2, 'There is no table nowhere'],
      'import --column status': [2, 'not of the form left=right'],
      'import --column colour=status': [2, 'cannot be read like this: colour=status'],
      'import --status success=great': [2, 'no such status: success=great'],
      'import --workflow 0199d8f0-4a3b-7c6d-8e9f-0a1b2c3d4e5f': [2, 'There is no such workflow'],
      'import --batch 0': [2, 'a whole number between 1 and 5000'],
      'import --confirm-since yesterday': [2, 'neither a time nor something like 12h'],
    };
    for (const [line, [code, message]] of Object.entries(wrong)) {
      const result = await stack.run(line);
      expect([line, result.code, result.stderr]).toEqual([line, code, expect.stringContaining(message)]);
    }
  });

  test('every command of docs/importing.md runs as it is written there', async () => {
    const text = await readFile(DOCUMENT, 'utf8');
    const commands = [...text.matchAll(/^runledger (import.*?)(?: +#.*)?$/gm)].map(([, line]) => line as string);
    expect(commands.length).toBeGreaterThan(5);
    for (const line of commands) {
      const written = line.replaceAll('0199d8f1-5b4c-7d7e-8f90-1b2c3d4e5f60', workflowId);
      const { code, stderr } = await stack.run(written);
      expect([line, code, stderr]).toEqual([line, 0, '']);
    }
  });
});
