import { expect, test } from 'vitest';
import { countUnderFire } from './count-under-fire.ts';
import type { PlantedMistake } from './planted-mistakes.ts';
import { PLANTED_MISTAKES } from './planted-mistakes.ts';

/** Checks that have to differ. */
const FOUND_OUT = 8;

test.each(Object.keys(PLANTED_MISTAKES) as PlantedMistake[])(
  '%s is found out, by the kit and by verify_execution_stats',
  async (mutant) => {
    // What is lost once stays lost, but a busy machine takes longer to lose it.
    const until = ({ checksThatDiffer }: { checksThatDiffer: number }) => checksThatDiffer >= FOUND_OUT;
    const report = await countUnderFire({ checks: 100, crashes: 0, mutant, until });
    expect(report.checksThatDiffer).toBeGreaterThanOrEqual(FOUND_OUT);
    expect(report.checksThatVerifyJudgesOtherwise).toBeLessThan(report.checksThatDiffer);
    // A count of executions: by status, or by verdict where the change that was lost first was of a verdict alone.
    expect(report.differences.map(({ field }) => field)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^(pending|running|completed|failed|verdict \w+)$/)]),
    );
  },
);
