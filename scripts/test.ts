/**
 * Everything: the checks, then all tests; in CI those of the execution service with their coverage gate. Outside CI some tests take
 * a part of what they could (`inCi`), and what is named below is left out. Arguments go to vitest alone.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKS } from './check.ts';
import type { Step } from './run-steps.ts';
import { runInTurn, runSideBySide } from './run-steps.ts';

const GATED = 'packages/execution-service';

/** What CI runs alone, because a change of the product hardly ever shows there alone. A path as an argument runs it here. */
const LEFT_TO_CI = {
  'packages as a stranger installs them': ['tools/packaging/**'],
  'the code in the documents, and their site': ['docs/{documents,encryption}.server.test.ts', 'tools/site/**'],
  'pages in a browser': ['tools/demo/src/page/**', 'apps/api/src/{embeddables,twelve-tabs}.server.test.ts'],
  'npm start from end to end': ['tools/demo/src/{start,start-on-a-terminal,watch}.server.test.ts'],
  'the local Postgres and Supabase API themselves': [
    'tools/local-stack/src/{catalog-reads,migrations,postgres,sql-database,supabase}.server.test.ts',
    'tools/demo/src/supabase-server.server.test.ts',
  ],
  'a restored database': ['deploy/**'],
  'clients and workers in other languages': [
    'docs/python-and-go.server.test.ts',
    'apps/api/src/openapi/python-client.server.test.ts',
  ],
  benchmarks: ['tools/bench/**/*.server.test.ts'],
  'mistakes that are planted for the tools to find': [
    'tools/conformance/src/planted/**',
    'tools/conformance/src/counting/planted-mistakes.server.test.ts',
  ],
  'counters that move to another cluster': ['tools/conformance/src/counting/carry-over.server.test.ts'],
};

const given = process.argv.slice(2);
const isCi = Boolean(process.env.CI);
const reports = await mkdtemp(join(tmpdir(), 'runledger-tests-'));
const reportOf = (name: string) => join(reports, `${name}.json`);

const tests = (name: string, args: string[]): Step => ({
  name,
  command: 'vitest',
  args: [
    'run',
    ...args,
    '--reporter=default',
    '--reporter=./scripts/failures-at-once.ts',
    '--reporter=json',
    `--outputFile.json=${reportOf(name)}`,
  ],
});

async function count(name: string): Promise<{ passed: number; failed: number }> {
  const report = await readFile(reportOf(name), 'utf8').catch(() => '{}');
  const { numPassedTests: passed = 0, numFailedTests: failed = 0 } = JSON.parse(report);
  return { passed, failed };
}

const excluding = (paths: string[]) => paths.flatMap((path) => ['--exclude', path]);

async function checkAndTest(): Promise<number> {
  if (given.length > 0) return runInTurn([tests('tests', given)]);
  const checked = await runSideBySide(CHECKS);
  if (checked !== 0) return checked;
  if (!isCi) return runInTurn([tests('tests', excluding(Object.values(LEFT_TO_CI).flat()))]);
  // In one process, beside the others: they leave no core idle while one of its last files waits for a server.
  const gate = tests('coverage gate', ['--coverage', '--maxWorkers=1', GATED]);
  const rest = tests('tests', excluding([`${GATED}/**`]));
  const codes = await Promise.all([runSideBySide([gate]), runInTurn([rest])]);
  return codes.find((code) => code !== 0) ?? 0;
}

const code = await checkAndTest();
const counts = await Promise.all(['coverage gate', 'tests'].map(count));
const total = (key: 'passed' | 'failed') => counts.reduce((sum, counted) => sum + counted[key], 0);
console.log(`\n${total('passed')} passed, ${total('failed')} failed`);
if (!isCi && given.length === 0) console.log(`Left to CI: ${Object.keys(LEFT_TO_CI).join('; ')}.`);
await rm(reports, { recursive: true, force: true });
process.exit(code);
