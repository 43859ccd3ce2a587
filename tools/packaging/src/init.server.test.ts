/** What `init` asks, on a terminal: one of Python's, with somebody who presses keys. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InstalledProject } from './install-packed.ts';
import { installPacked, LONGEST_INSTALL_MS } from './install-packed.ts';

const ON_A_TERMINAL = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';
/** One that has no size has a line for each letter. */
const IN_A_WINDOW = 'stty cols 100 rows 40; exec "$@"';
const KEYS = { enter: '\r', clear: '\x15', down: '\x1b[B', interrupt: '\x03' };

let installed: InstalledProject;
beforeAll(async () => {
  installed = await installPacked();
}, LONGEST_INSTALL_MS);
afterAll(() => installed?.[Symbol.asyncDispose]());

/** Runs `init` in a project, and presses keys at each question. */
async function answer(folder: string, answers: [question: string, keys: string][]) {
  const command = join(installed.folder, 'node_modules', '.bin', 'runledger');
  const child = spawn(
    'python3',
    ['-c', ON_A_TERMINAL, '/bin/sh', '-c', IN_A_WINDOW, 'sh', process.execPath, command, 'init'],
    {
      cwd: folder,
      env: { ...process.env, CI: undefined, TERM: 'xterm', DO_NOT_TRACK: '1' },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  let output = '';
  const open = [...answers];
  child.stdout.on('data', (text: Buffer) => {
    output += text;
    const [next] = open;
    if (!next || !output.includes(next[0])) return;
    open.shift();
    child.stdin.write(next[1]);
  });
  const [code] = await once(child, 'close');
  return { code, output };
}

async function projectWith(name: string, dependencies: Record<string, string>): Promise<string> {
  const folder = join(installed.folder, name);
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ dependencies }));
  return folder;
}

test('the framework that was found is offered first; the workflow and its queue are what was typed', async () => {
  const folder = await projectWith('shop', { hono: '4' });
  const { code, output } = await answer(folder, [
    ['What serves the API?', KEYS.enter],
    ['A workflow that users may start?', `${KEYS.clear}order${KEYS.enter}`],
    ['Its task queue?', KEYS.enter],
  ]);
  expect(code, output).toBe(0);
  expect(output).toContain('npx runledger dev --with "node temporal/worker.mts"');
  expect(JSON.parse(await readFile(join(folder, 'runledger.startable.json'), 'utf8'))).toEqual([
    { workflowType: 'order', taskQueue: 'order' },
  ]);
  expect(await readFile(join(folder, 'runledger.ts'), 'utf8')).toContain("from 'hono'");
});

test('another framework can be chosen', async () => {
  const folder = await projectWith('other', { hono: '4' });
  const { code, output } = await answer(folder, [
    ['What serves the API?', `${KEYS.down}${KEYS.enter}`],
    ['A workflow that users may start?', KEYS.enter],
    ['Its task queue?', KEYS.enter],
  ]);
  expect(code, output).toBe(0);
  expect(await readFile(join(folder, 'runledger.ts'), 'utf8')).toContain('nodeListener');
});

test('whoever leaves it at a question has nothing written', async () => {
  const folder = await projectWith('left', {});
  const { code, output } = await answer(folder, [
    ['What serves the API?', KEYS.enter],
    ['A workflow that users may start?', KEYS.interrupt],
  ]);
  expect(code).toBe(2);
  expect(output).toContain('Nothing was written.');
  expect(await readdir(folder)).toEqual(['package.json']);
});
