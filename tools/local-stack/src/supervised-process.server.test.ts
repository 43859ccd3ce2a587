import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from './fixtures/temporary-folder.ts';
import { supervise } from './supervised-process.ts';

const moduleUrl = new URL('./supervised-process.ts', import.meta.url).href;

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** A process that supervises a `sleep`, and says its pid. */
async function startParent({ folder, script }: { folder: string; script: string }) {
  const source = `
    import { supervise } from ${JSON.stringify(moduleUrl)};
    const child = await supervise({ command: 'sleep', args: ['600'], removeAfterwards: ${JSON.stringify(folder)} });
    ${script}
    process.stdout.write(child.pid + '\\n');`;
  const parent = spawn(process.execPath, ['--input-type=module-typescript', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: fileURLToPath(new URL('.', import.meta.url)),
  });
  const ended = once(parent, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  return { parent, ended, childPid: Number(line.toString()) };
}

const stayAlive = 'setInterval(() => {}, 1000);';

test.concurrent.for(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
  'a child does not outlive a parent ended by %s',
  async (signal, { expect }) => {
    const folder = mkdtempSync(join(tmpdir(), 'runledger-test-'));
    writeFileSync(join(folder, 'file'), '');
    const { parent, ended, childPid } = await startParent({ folder, script: stayAlive });
    expect(alive(childPid)).toBe(true);
    parent.kill(signal);
    // The parent dies of the signal itself: nobody turned it into an exit code.
    expect(await ended).toEqual([null, signal]);
    await expect.poll(() => alive(childPid)).toBe(false);
    await expect.poll(() => existsSync(folder)).toBe(false);
  },
);

test.concurrent('a child does not outlive a parent that ends by itself, and unref lets it end', async ({ expect }) => {
  const folder = mkdtempSync(join(tmpdir(), 'runledger-test-'));
  const { ended, childPid } = await startParent({ folder, script: 'child.unref();' });
  expect(await ended).toEqual([0, null]);
  await expect.poll(() => alive(childPid)).toBe(false);
});

test("the application's own SIGTERM handler decides when its parts end", async () => {
  const folder = temporaryFolder();
  const script = `${stayAlive}
    process.on('SIGTERM', async () => { await child.end('SIGTERM'); process.exit(7); });`;
  const { parent, ended } = await startParent({ folder, script });
  parent.kill('SIGTERM');
  expect(await ended).toEqual([7, null]);
});

test('a process that ignores the signal is killed', async () => {
  const child = await supervise({
    command: 'sh',
    args: ['-c', "trap '' TERM; echo ready; while :; do sleep 1; done"],
  });
  await expect.poll(() => child.tail()).toBe('ready');
  await child.end('SIGTERM', 100);
  expect(alive(child.pid)).toBe(false);
});

test('a command that does not exist is an error', async () => {
  await expect(supervise({ command: '/nowhere/at-all', args: [] })).rejects.toThrow('ENOENT');
});
