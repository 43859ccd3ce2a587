import { setImmediate as nextRound } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

test('of several that ask at once each has a round of its own, and what else waits comes between them', async () => {
  const turn = createTurns();
  const done: string[] = [];
  const work = async (name: string) => {
    await turn();
    done.push(name);
  };
  const all = Promise.all(['first', 'second', 'third'].map(work));
  for (const round of [1, 2, 3]) {
    await nextRound();
    done.push(`round ${round}`);
  }
  await all;
  expect(done).toEqual(['round 1', 'first', 'round 2', 'second', 'round 3', 'third']);
});
