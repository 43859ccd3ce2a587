import { expect, test } from 'vitest';
import { countUnderFire } from './count-under-fire.ts';
import type { CountingReport } from './counting-report.ts';
import type { PlantedMistake } from './planted-mistakes.ts';
import { PLANTED_MISTAKES } from './planted-mistakes.ts';

/** Checks that have to differ. */
const FOUND_OUT = 8;
const STATUS = /^(pending|running|completed|failed)$/;

test.each(Object.keys(PLANTED_MISTAKES) as PlantedMistake[])(
  '%s is found out, by the kit and by verify_execution_stats',
  async (mutant) => {
    // What is lost once stays lost, but a busy machine takes longer to lose it; and the first that is lost may be a verdict alone.
    const until = ({ checksThatDiffer, differences }: Pick<CountingReport, 'checksThatDiffer' | 'differences'>) =>
      checksThatDiffer >= FOUND_OUT && differences.some(({ field }) => STATUS.test(field));
    const report = await countUnderFire({ checks: 100, crashes: 0, mutant, until });
    expect(report.checksThatDiffer).toBeGreaterThanOrEqual(FOUND_OUT);
    expect(report.checksThatVerifyJudgesOtherwise).toBeLessThan(report.checksThatDiffer);
    expect(report.differences.map(({ field }) => field)).toEqual(
      expect.arrayContaining([expect.stringMatching(STATUS)]),
    );
  },
);
