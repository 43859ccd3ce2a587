import { setImmediate as nextRound } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createRounds, createTurns } from './turns.ts';

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

test('a user begins one thing in a round, whatever is done by then, and others begin in the same', async () => {
  const round = createRounds();
  const done: string[] = [];
  const work = async (userId: string, name: string) => {
    await round(userId);
    done.push(name);
  };
  const all = Promise.all([work('anna', 'a1'), work('anna', 'a2'), work('anna', 'a3'), work('ben', 'b1')]);
  for (const number of [1, 2, 3]) {
    await nextRound();
    done.push(`round ${number}`);
  }
  await all;
  expect(done).toEqual(['a1', 'b1', 'round 1', 'a2', 'round 2', 'a3', 'round 3']);
  await nextRound();
  await nextRound();
  // Nobody waits for rounds that are over.
  expect(round('anna')).toBeNull();
});
