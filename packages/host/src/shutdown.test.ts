import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { shutdownSignal, unlessAborted } from './shutdown.ts';

function fakeProcess() {
  const exits: unknown[] = [];
  const emitter = new EventEmitter();
  return Object.assign(emitter, { exits, exit: (code: unknown) => exits.push(code) }) as never as NodeJS.Process & {
    exits: unknown[];
  };
}

test('the first signal asks for a stop in order and says which it was, a second one ends the process at once', () => {
  const process = fakeProcess();
  const shutdown = shutdownSignal({ process });
  expect(shutdown.aborted).toBe(false);
  process.emit('SIGTERM', 'SIGTERM');
  expect([shutdown.aborted, shutdown.reason.cause, process.exits]).toEqual([true, 'SIGTERM', []]);
  process.emit('SIGINT', 'SIGINT');
  expect([shutdown.reason.cause, process.exits]).toEqual(['SIGTERM', [130]]);
});

test('a signal that a parent hands on is not a second one, and each process has its own code', () => {
  const process = fakeProcess();
  shutdownSignal({ process, sameWithinMs: 3_600_000, exitCode: 1 });
  for (let times = 0; times < 3; times += 1) process.emit('SIGINT', 'SIGINT');
  expect(process.exits).toEqual([]);

  const other = fakeProcess();
  shutdownSignal({ process: other, exitCode: 1 });
  for (let times = 0; times < 2; times += 1) other.emit('SIGINT', 'SIGINT');
  expect(other.exits).toEqual([1]);
});

test('only the signals that were named are taken', () => {
  const process = fakeProcess();
  const shutdown = shutdownSignal({ process, signals: ['SIGHUP'] });
  process.emit('SIGTERM', 'SIGTERM');
  expect(shutdown.aborted).toBe(false);
  process.emit('SIGHUP', 'SIGHUP');
  expect(shutdown.aborted).toBe(true);
});

test('work is waited for until the signal comes, which may have been before, and its own failure is told', async () => {
  const controller = new AbortController();
  expect(await unlessAborted(controller.signal, Promise.resolve('done'))).toBe('done');
  await expect(unlessAborted(controller.signal, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  const never = unlessAborted(controller.signal, new Promise(() => {}));
  controller.abort(new Error('stop'));
  await expect(never).rejects.toThrow('stop');
  await expect(unlessAborted(controller.signal, new Promise(() => {}))).rejects.toThrow('stop');
});
