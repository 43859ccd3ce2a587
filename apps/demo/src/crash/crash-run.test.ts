import { expect, test } from 'vitest';
import { crashRun } from './crash-run.ts';

test('whatever is killed, every execution is recorded once, as Temporal says it ended', {
  timeout: 240_000,
}, async () => {
  const report = await crashRun({ executions: 40, workerKills: 2, apiKills: 1 });
  expect(report.differences).toEqual([]);
  expect(report.rows).toBe(40);
  expect(Object.values(report.byStatus).reduce((sum, n) => sum + n)).toBe(40);
});
