/**
 * Everything: the checks, then all tests; in CI those of the execution service with their coverage gate. Outside CI some tests take
 * a part of what they could, and those of the tools that prove the product are left to CI. Arguments go to vitest alone.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKS } from './check.ts';
import type { Step } from './run-steps.ts';
import { runInTurn, runSideBySide } from './run-steps.ts';

const GATED = 'packages/execution-service';

const given = process.argv.slice(2);
const isCi = Boolean(process.env.CI);
const reports = await mkdtemp(join(tmpdir(), 'runledger-tests-'));
const reportOf = (name: string) => join(reports, `${name}.json`);

const tests = (name: string, args: string[]): Step => ({
  name,
  command: 'vitest',
  args: ['run', ...args, '--reporter=default', '--reporter=json', `--outputFile.json=${reportOf(name)}`],
});

async function count(name: string): Promise<{ passed: number; failed: number; left: number }> {
  const report = await readFile(reportOf(name), 'utf8').catch(() => '{}');
  const { numPassedTests: passed = 0, numFailedTests: failed = 0, numPendingTests: left = 0 } = JSON.parse(report);
  return { passed, failed, left };
}

async function checkAndTest(): Promise<number> {
  if (given.length > 0) return runInTurn([tests('tests', given)]);
  const checked = await runSideBySide(CHECKS);
  if (checked !== 0) return checked;
  if (!isCi) return runInTurn([tests('tests', [])]);
  return runInTurn([tests('coverage gate', ['--coverage', GATED]), tests('tests', ['--exclude', `${GATED}/**`])]);
}

const code = await checkAndTest();
const counts = await Promise.all(['coverage gate', 'tests'].map(count));
const total = (key: 'passed' | 'failed' | 'left') => counts.reduce((sum, counted) => sum + counted[key], 0);
console.log(`\n${total('passed')} passed, ${total('failed')} failed${isCi ? '' : `, ${total('left')} left to CI`}`);
await rm(reports, { recursive: true, force: true });
process.exit(code);
