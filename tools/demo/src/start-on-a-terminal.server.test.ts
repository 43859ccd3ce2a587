/** `npm start` at a terminal: the line that stays, and what its keys do. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@runledger/local-stack';
import type { OpenTerminal } from '@runledger/terminal';
import { openTerminal } from '@runledger/terminal';
import { afterAll, beforeAll, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
/** Of everything, on a machine that does much else. */
const STARTED_WITHIN_MS = 120_000;
const STANDING = /^\d+ open · .*\d+ differ/;

const dir = mkdtempSync(join(tmpdir(), 'runledger-keys-'));
const opened = join(dir, 'opened');
let shown: OpenTerminal;
let apiUrl: string;

const lastLine = () => shown.screen().split('\n').at(-1) ?? '';

beforeAll(async () => {
  // What a browser would be asked to open, as xdg-open asks it.
  const browser = join(dir, 'browser');
  writeFileSync(browser, `#!/bin/sh\necho "$@" > "${opened}"\n`);
  chmodSync(browser, 0o700);
  const port = await freePort();
  apiUrl = `http://127.0.0.1:${port}`;
  const env = {
    ...{ HOME: process.env.HOME ?? dir, BROWSER: browser, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? '' },
    RUNLEDGER_DIR: join(dir, 'data'),
    RUNLEDGER_API_PORT: `${port}`,
    RUNLEDGER_SUPABASE_PORT: `${await freePort()}`,
    RUNLEDGER_TEMPORAL_PORT: `${await freePort()}`,
    RUNLEDGER_TEMPORAL_UI_PORT: `${await freePort()}`,
    RUNLEDGER_DEMO_RATE: '0',
  };
  const line = `"${process.execPath}" "${MAIN}"; echo "code $?"; stty -a`;
  shown = openTerminal('/bin/sh', ['-c', line], { columns: 110, rows: 30, env });
});
afterAll(async () => {
  shown?.kill('SIGKILL');
  await shown?.ended;
  rmSync(dir, { recursive: true, force: true, maxRetries: 50, retryDelay: 200 });
});

test(
  'the last line says how all stand, and stays the last when something is printed above it',
  async () => {
    await expect
      .poll(() => shown.everything(), { timeout: STARTED_WITHIN_MS })
      .toContain('Keys: o opens the page, f lets one fail, q or');
    await expect.poll(lastLine).toMatch(STANDING);
    shown.press('f');
    await expect.poll(() => shown.screen()).toContain('✗ failed     Credit check');
    await expect.poll(lastLine).toMatch(STANDING);
    expect(shown.everything().match(/ differ/g)).toHaveLength(1);
  },
  2 * STARTED_WITHIN_MS,
);

test('o opens the page in the browser of whoever sits there', async () => {
  shown.press('o');
  await expect.poll(() => readFileSync(opened, { encoding: 'utf8', flag: 'a+' }).trim()).toBe(apiUrl);
});

test('q stops everything, takes the line away, and gives the terminal back', async () => {
  shown.press('q');
  await shown.ended;
  expect(shown.everything()).toMatch(/✓ Stopped .*\ncode 0\n/);
  expect(shown.everything()).not.toContain(' differ');
  expect(shown.everything()).not.toMatch(/-icanon|-echo\b|-isig/);
});
