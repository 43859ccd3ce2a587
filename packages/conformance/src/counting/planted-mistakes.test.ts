import { expect, test } from 'vitest';
import { countUnderFire } from './count-under-fire.ts';
import type { PlantedMistake } from './planted-mistakes.ts';
import { PLANTED_MISTAKES } from './planted-mistakes.ts';

test.each(Object.keys(PLANTED_MISTAKES) as PlantedMistake[])(
  '%s is found out, by the kit and by verify_execution_stats',
  async (mutant) => {
    const report = await countUnderFire({ checks: 15, crashes: 0, mutant });
    expect(report.checksThatDiffer).toBeGreaterThan(report.checks / 2);
    expect(report.checksThatVerifyJudgesOtherwise).toBeLessThan(report.checksThatDiffer);
    expect(report.differences.map(({ field }) => field)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^(pending|running|completed|failed)$/)]),
    );
  },
);
