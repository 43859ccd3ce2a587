import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runledger, runledgerHere } from './fixtures/runledger.ts';

const NOWHERE = {
  SUPABASE_URL: 'http://127.0.0.1:1',
  SUPABASE_SERVICE_ROLE_KEY: 'secret',
  TEMPORAL_ADDRESS: '127.0.0.1:1',
};

test.each(['status', 'reconcile', 'explain', 'adopt', 'import', 'prune', 'quota', 'verify', 'doctor'])(
  '%s has help with examples and exit codes, and help needs no environment',
  async (name) => {
    const { code, stdout } = await runledgerHere([name, '--help'], {});
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: runledger ${name}`);
    expect(stdout).toContain(`  $ runledger ${name}`);
    expect(stdout).toContain('--json');
    expect(stdout).toContain('--namespace');
    expect(stdout).toContain('Exit codes:');
  },
);

test('help that was asked for is 0, help instead of a command is 2', async () => {
  const asked = await runledger(['--help'], {});
  expect([asked.code, asked.stderr]).toEqual([0, '']);
  expect(asked.stdout).toContain('Usage: runledger [options] [command]');
  const instead = await runledger([], {});
  expect([instead.code, instead.stdout]).toEqual([2, '']);
  expect(instead.stderr).toBe(asked.stdout);
});

test('a wrong command, option or environment is 2, and says what is wrong', async () => {
  for (const [args, message] of [
    [['repair'], "unknown command 'repair'"],
    [['status', '--colour'], "unknown option '--colour'"],
    [['explain'], "missing required argument 'id'"],
  ] as const) {
    const { code, stdout, stderr } = await runledger([...args], NOWHERE);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)]);
  }
  const { code, stderr } = await runledger(['status'], { SUPABASE_URL: 'nowhere' });
  expect(code).toBe(2);
  expect(stderr).toContain('SUPABASE_URL: Invalid URL');
  expect(stderr).toContain('SUPABASE_SERVICE_ROLE_KEY: is not set');
  const nothing = await runledger(['status'], { RUNLEDGER_DIR: '/nowhere' });
  expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining('SUPABASE_URL: is not set')]);
});

test('without an environment it means the stack that runs in this folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'runledger-local-'));
  const local = { supabaseUrl: 'http://127.0.0.1:1', supabaseServiceRoleKey: 'secret' };
  const temporal = { temporalAddress: '127.0.0.1:1', temporalNamespace: 'default' };
  await writeFile(join(folder, 'local.json'), JSON.stringify({ ...local, ...temporal, apiUrl: 'http://127.0.0.1:2' }));
  const { code, stderr } = await runledger(['status'], { RUNLEDGER_DIR: folder });
  expect([code, stderr]).toEqual([3, expect.stringContaining('did not answer')]);
  await rm(folder, { recursive: true });
});

test('a ledger that cannot be reached is 3, in words and as JSON', async () => {
  const words = await runledger(['status'], NOWHERE);
  expect([words.code, words.stdout, words.stderr]).toEqual([3, '', expect.stringContaining('did not answer')]);
  const json = await runledger(['reconcile', '--json'], NOWHERE);
  expect([json.code, JSON.parse(json.stdout)]).toEqual([
    3,
    { error: { code: 'ledger_unavailable', message: expect.any(String) } },
  ]);
});
