/**
 * `npm run ten-minutes`: does what docs/tutorial.md says, in an empty folder, from nothing to the first execution of a project's own, seen on
 * the page in Chromium; says how long each step took. A picture of the page is in dist/ten-minutes then. With `--cold`, npm and Temporal are
 * fetched as on a machine that has neither.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@runledger/local-stack';
import { runShell } from '../examples/run-script.ts';
import { packedPackages } from '../pack.ts';
import { seeFirstExecution } from './first-execution.ts';
import { startPackedRegistry } from './packed-registry.ts';
import { commandsOfTutorial } from './tutorial.ts';

const TEN_MINUTES_S = 600;

const run = promisify(execFile);
const npmConfig = async (name: string) => (await run('npm', ['config', 'get', name])).stdout.trim();
const isCold = process.argv.includes('--cold');

await using registry = await startPackedRegistry(await packedPackages(), await npmConfig('registry'));
const folder = await mkdtemp(join(tmpdir(), 'runledger-ten-minutes-'));
// A cache of its own: npx keeps what it has installed once, by name and version.
const cache = join(folder, 'cache');
await mkdir(cache);
if (!isCold) await run('cp', ['-a', join(await npmConfig('cache'), '_cacache'), cache]);
const [api, supabase, temporal, temporalPage] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
const variables = {
  npm_config_registry: registry.url,
  npm_config_cache: cache,
  ...(isCold ? { XDG_CACHE_HOME: cache } : {}),
  npm_config_prefer_offline: 'true',
  npm_config_yes: 'true',
  // Other ports than those of a Runledger that may run here already.
  RUNLEDGER_API_PORT: `${api}`,
  RUNLEDGER_SUPABASE_PORT: `${supabase}`,
  RUNLEDGER_TEMPORAL_PORT: `${temporal}`,
  RUNLEDGER_TEMPORAL_UI_PORT: `${temporalPage}`,
};

let total = 0;
async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await work();
  const seconds = (performance.now() - began) / 1000;
  total += seconds;
  console.log(`${seconds.toFixed(1).padStart(6)} s  ${name}`);
  return result;
}

try {
  const commands = await commandsOfTutorial();
  const last = commands.pop() as string;
  let at = folder;
  for (const command of commands) {
    const [, into] = /^cd (.+)$/.exec(command) ?? [];
    if (into) at = join(at, into);
    await step(command, async () => into ?? (await runShell(at, command, variables).succeeded()));
  }
  await using dev = runShell(at, last, variables);
  await step(last, () => dev.written(/Sign in as/));
  await step('see the first execution complete on the page', () => seeFirstExecution(dev.output()));
  await step('find it over the API of the project itself', async () => {
    const [, next] = await dev.written(/Local: +(http:\S+)/);
    const answer = await fetch(`${next}/api/runledger/healthz`);
    assert.equal(answer.status, 200, await answer.text());
  });
  console.log(`${total.toFixed(1).padStart(6)} s  in all, by ${commands.length + 1} commands`);
  assert.ok(total <= TEN_MINUTES_S, 'It took more than ten minutes.');
} finally {
  await rm(folder, { recursive: true, force: true });
}
