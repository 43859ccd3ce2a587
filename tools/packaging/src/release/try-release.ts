/**
 * `npm run release:try`: a whole release of what is committed, against a registry on this machine: a clone gets a changeset, is
 * prepared and released, and an empty project installs what the registry then has.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PEERS } from '../install-packed.ts';
import type { Manifest } from '../published.ts';
import { publishedPackages } from '../published.ts';
import type { LocalRegistry } from './local-registry.ts';
import { startRegistry } from './local-registry.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const began = performance.now();

function step(says: string): void {
  console.log(`\n${((performance.now() - began) / 1000).toFixed(0)} s: ${says}`);
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

const folder = await mkdtemp(join(tmpdir(), 'runledger-release-'));
try {
  step('starts a registry');
  await using registry = await startRegistry();
  const clone = join(folder, 'clone');
  const version = await releaseClone(clone, registry);
  step('installs what is published into an empty project');
  await useReleased(join(folder, 'project'), version, registry);
  step(`${publishedPackages().length} packages of version ${version} were released, installed and used.`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function releaseClone(clone: string, { url, userConfig }: LocalRegistry): Promise<string> {
  const env = { ...process.env, npm_config_userconfig: userConfig, pnpm_config_userconfig: userConfig };
  const inClone = (command: string, ...args: string[]) =>
    execFileSync(command, args, {
      cwd: clone,
      env: process.env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  const git = (...args: string[]) =>
    inClone('git', '-c', 'user.name=Releaser', '-c', 'user.email=releaser@example.com', ...args);

  step('clones what is committed, and installs it');
  execFileSync('git', ['clone', '--quiet', ROOT, clone]);
  const manifest = JSON.parse(await readFile(join(clone, 'package.json'), 'utf8')) as Manifest;
  git('remote', 'set-url', 'origin', manifest.repository?.url.replace(/^git\+/, '') ?? '');
  const pnpm = join(ROOT, 'node_modules', '.bin', 'pnpm');
  inClone(pnpm, 'install', '--frozen-lockfile', '--prefer-offline', '--reporter=silent');

  step('prepares a release with a changeset');
  await writeFile(join(clone, '.changeset', 'tried.md'), '---\n"runledger": minor\n---\n\nA release that is tried.\n');
  inClone('npm', 'run', '--silent', 'release:prepare');
  git('add', '.');
  git('commit', '--quiet', '-m', 'Prepare the release');
  const { version } = JSON.parse(await readFile(join(clone, 'apps/runledger/package.json'), 'utf8')) as Manifest;
  const changelog = await readFile(join(clone, 'CHANGELOG.md'), 'utf8');
  check(changelog.includes(`\n## [${version}] - `), 'CHANGELOG.md has no heading of the release.');

  step(`releases ${version}`);
  const release = () =>
    execFileSync('npm', ['run', 'release', '--', '--registry', url], { cwd: clone, env, encoding: 'utf8' });
  console.log(release());
  const tags = git('tag', '--list', `*@${version}`).trim().split('\n');
  check(tags.length === publishedPackages().length, `These tags were made: ${tags.join(', ')}.`);
  step('releases again, which publishes nothing');
  check(/No unpublished/.test(release()), 'What is published was published again.');
  return version;
}

/** The command says its version, and the code of a user who imports every package that a browser reads runs. */
async function useReleased(project: string, version: string, { userConfig }: LocalRegistry): Promise<void> {
  const env = { ...process.env, npm_config_userconfig: userConfig };
  await mkdir(project);
  const inProject = (command: string, ...args: string[]) =>
    execFileSync(command, args, { cwd: project, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  const peers = ['@trpc/client', '@trpc/server'].map((name) => `${name}@${PEERS[name]}`);
  inProject('npm', 'install', '--no-audit', '--no-fund', 'runledger', '@runledger/client', ...peers);
  const said = inProject('npx', 'runledger', '--version');
  check(said === version, `npx runledger --version says ${said}.`);
  await writeFile(
    join(project, 'snippet.js'),
    `import { createRunledgerClient, executionErrorCode } from '@runledger/client';
const client = createRunledgerClient({ url: 'http://127.0.0.1:1/trpc', getToken: () => null });
console.log(await client.workflow.list.query().then(() => 'answered', (error) => [error.name, executionErrorCode(error)].join()));
`,
  );
  const snippet = inProject(process.execPath, 'snippet.js');
  check(snippet.startsWith('TRPCClientError'), `The snippet says ${snippet}.`);
  const listed = JSON.parse(inProject('npm', 'ls', '--json', '--depth=0')) as {
    dependencies: Record<string, Manifest>;
  };
  check(listed.dependencies.runledger?.version === version, 'npm installed another version.');
}
