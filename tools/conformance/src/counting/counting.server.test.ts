import { inCi } from '@runledger/local-stack';
import { expect, test } from 'vitest';
import { countUnderFire } from './count-under-fire.ts';
import { DEEDS } from './deeds/deeds.ts';

test('whoever writes, folds or crashes, every number of every counter is what the rows add up to', async () => {
  const [checks, crashes] = [inCi(60, 20), inCi(8, 3)];
  const { tally, ...report } = await countUnderFire({ checks, crashes });
  expect(report).toMatchObject({
    ...{ checks, crashes, checksThatDiffer: 0, differences: [], checksThatVerifyJudgesOtherwise: 0 },
  });
  expect(tally.unexpected).toEqual([]);
  // What is compared has something in it: rows, cells, a tail, and something pruned.
  expect(Math.min(...Object.values(report.largest))).toBeGreaterThan(10);
  expect(tally.interrupted).toBeGreaterThan(0);
  expect(tally.rolledBack).toBeGreaterThan(0);
  // On a slow machine the rarest may not have come up.
  const effective = Object.entries(tally.changedRows).filter(([, rows]) => rows > 0);
  expect(effective.length).toBeGreaterThan(DEEDS.length - 5);
});
