import { isExecutionError } from '@runledger/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectEngine } from './connect-engine.ts';
import { createEngine } from './engine.ts';

const uncaught: unknown[] = [];
const note = (error: unknown) => uncaught.push(error);
beforeEach(() => void process.on('uncaughtExceptionMonitor', note));
afterEach(() => {
  process.off('uncaughtExceptionMonitor', note);
  uncaught.length = 0;
});

test('a connection that is closed while calls wait to be repeated ends them, and nothing is thrown into the void', async () => {
  const connection = connectEngine({ address: '127.0.0.1:9', attempts: 20 });
  const engine = createEngine({ connection, callTimeoutMs: 60_000 });
  const calls = Array.from({ length: 10 }, () => engine.ping().catch((error: unknown) => error));
  // The first attempts have failed by then, and their timers run.
  await new Promise((resolve) => setTimeout(resolve, 500));
  await connection.close();
  const errors = await Promise.all(calls);
  expect(errors.every((error) => isExecutionError(error) && error.code === 'engine_unavailable')).toBe(true);
  expect(uncaught).toEqual([]);
});

test('a call on a connection that was closed fails like one that Temporal did not answer', async () => {
  const connection = connectEngine({ address: '127.0.0.1:9' });
  await connection.close();
  await expect(createEngine({ connection }).ping()).rejects.toMatchObject({ code: 'engine_unavailable' });
});
