import { afterEach, beforeEach, expect, test } from 'vitest';
import { COME_BACK } from './come-back.ts';
import { refusing } from './refusing.ts';

type Listen = (event: 'unhandledRejection', listener: (reason: unknown) => void) => void;
/** Tests run in Node, which sources of this package know nothing of. */
const { process } = globalThis as unknown as { process: { on: Listen; off: Listen } };
const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);
beforeEach(() => void process.on('unhandledRejection', note));
afterEach(() => {
  process.off('unhandledRejection', note);
  unhandled.length = 0;
});

async function* failing(reason: unknown) {
  yield 'one';
  throw reason;
}
const refuse = (thrown: unknown) => new Error(`refused: ${(thrown as Error).message}`);

test.each([
  ['a failure', new Error('the ledger is away'), 'refused: the ledger is away'],
  ['the end of a stream that is to come back', COME_BACK, COME_BACK.message],
])('%s, while a reader is slow, ends no process, and is told once the reader listens', async (_, reason, told) => {
  const events = refusing(failing(reason), refuse);
  expect(await events.next()).toEqual({ value: 'one', done: false });
  const asked = events.next();
  await new Promise((next) => setTimeout(next, 20));
  expect(unhandled).toEqual([]);
  await expect(asked).rejects.toThrow(told);
});
