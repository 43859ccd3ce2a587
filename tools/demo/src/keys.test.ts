import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { listenForKeys } from './keys.ts';

function terminal() {
  const raw: boolean[] = [];
  return { raw, stdin: Object.assign(new PassThrough(), { isTTY: true, setRawMode: (is: boolean) => raw.push(is) }) };
}

test('a key does its work without Enter, Ctrl-C interrupts, and afterwards the terminal is as it was', async () => {
  const { stdin, raw } = terminal();
  const interrupt = vi.fn();
  const keys = listenForKeys(stdin, interrupt);
  const opened = vi.fn();
  keys.on('o', opened);
  stdin.write('ox\u0003');
  await expect.poll(() => [opened.mock.calls.length, interrupt.mock.calls.length]).toEqual([1, 1]);
  keys.close();
  stdin.write('o');
  await new Promise((resolve) => setImmediate(resolve));
  expect([raw, opened.mock.calls.length]).toEqual([[true, false], 1]);
});

test('without a terminal nothing is taken: a pipe’s text is for nobody', () => {
  const stdin = new PassThrough();
  const keys = listenForKeys(stdin, () => {});
  keys.on('q', () => {});
  expect([keys.isThere, stdin.listenerCount('keypress')]).toEqual([false, 0]);
});
