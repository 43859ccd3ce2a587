/** Everything: the checks, then all tests with the coverage gate. Arguments go to vitest and skip the checks. */
import { readFile, rm } from 'node:fs/promises';
import { CHECKS } from './check.ts';
import { runSteps } from './run-steps.ts';

const report = 'coverage/tests.json';
const given = process.argv.slice(2);
const tests = {
  name: 'tests',
  command: 'vitest',
  args: ['run', '--coverage', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
};

await rm(report, { force: true });
const code =
  given.length > 0
    ? await runSteps([{ name: 'tests', command: 'vitest', args: ['run', ...given] }])
    : await runSteps([...CHECKS, tests]);
const counted = await readFile(report, 'utf8').catch(() => null);
if (counted) {
  const { numPassedTests, numFailedTests } = JSON.parse(counted);
  console.log(`\n${numPassedTests} passed, ${numFailedTests} failed`);
}
process.exit(code);
