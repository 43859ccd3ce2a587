/** A part that reloads, as a real process whose source is a file of the test. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Child } from './child.ts';
import { startChild } from './child.ts';
import { stillRunning } from './fixtures/processes.ts';
import type { ReloadingChild } from './reloading-child.ts';
import { startReloading } from './reloading-child.ts';

let folder: string;
let ending: AbortController;
let children: Child[];
let starts: number;
let said: string;
let reloading: ReloadingChild;

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const versions = () => children.map(({ ready }) => ready.version);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runledger-reload-'));
  ending = new AbortController();
  children = [];
  starts = 0;
  said = '';
  write('version.ts', "export const version: string = 'one';");
  write(
    'main.ts',
    `import { version } from './version.ts';
     console.log(JSON.stringify({ msg: 'ready', version }));
     setInterval(() => {}, 1_000);`,
  );
});
afterEach(async () => {
  await reloading?.stop();
  rmSync(folder, { recursive: true });
  expect(await stillRunning(children.map(({ process }) => process.pid))).toEqual([]);
});

function begin(): ReloadingChild {
  reloading = startReloading({
    name: 'The part',
    sources: [folder],
    async start(until) {
      starts += 1;
      const child = await startChild('The part', pathToFileURL(join(folder, 'main.ts')), {}, { ending: until });
      children.push(child);
      return child;
    },
    ending: ending.signal,
    note: (line) => {
      said += `${line}\n`;
    },
    complain: (text) => {
      said += `${text}\n`;
    },
  });
  return reloading;
}

test('a change of a file that it imports starts it anew, and the one before is gone', async () => {
  expect((await begin().first).ready.version).toBe('one');
  write('version.ts', "export const version: string = 'two';");
  await expect.poll(versions).toEqual(['one', 'two']);
  await expect.poll(() => said).toBe('The part runs again, with the changed source.\n');
  expect(await stillRunning([children[0]?.process.pid as number])).toEqual([]);
});

test('a mistake is shown at once, also in the first start, and the change that corrects it starts it', async () => {
  write('version.ts', 'export const version: string = ;');
  const { first } = begin();
  await expect.poll(() => said).toContain('SyntaxError');
  expect(said).toContain('The part ended while it was starting.');
  expect(said).toContain('The part is started again when its source changes.');
  write('version.ts', "export const version: string = 'right';");
  expect((await first).ready.version).toBe('right');

  said = '';
  write('main.ts', 'throw new Error("not this one");');
  await expect.poll(() => said).toContain('Error: not this one');
});

test('one that ends by itself says so with the end of its log, and waits for a change', async () => {
  write('main.ts', `console.log('{"msg":"ready"}'); setTimeout(() => { throw new Error('out of paper'); }, 100);`);
  await begin().first;
  await expect.poll(() => said).toContain('The part has ended. The end of its log:');
  expect(said).toContain('out of paper');
  write('main.ts', `console.log('{"msg":"ready","version":"patient"}'); setInterval(() => {}, 1_000);`);
  await expect.poll(versions).toEqual([undefined, 'patient']);
});

test('a test beside the source starts nothing anew', async () => {
  await begin().first;
  write('main.test.ts', '');
  write('notes.md', '');
  // Longer than what is written counts as one change. Too short a time would hide a fault, never invent one.
  await pause(500);
  write('version.ts', "export const version: string = 'two';");
  await expect.poll(versions).toEqual(['one', 'two']);
  expect(starts).toBe(2);
});

test('the end of all ends it, also while it waits for a change', async () => {
  write('main.ts', 'throw new Error("never");');
  const { first } = begin();
  const refused = expect(first).rejects.toThrow('interrupted');
  await expect.poll(() => said).toContain('never');
  ending.abort(new Error('interrupted'));
  await refused;
});
