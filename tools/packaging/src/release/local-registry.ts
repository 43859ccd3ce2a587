import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@runledger/local-stack/ports';

const run = promisify(execFile);
const VERDACCIO = '6.10.4';

export interface LocalRegistry extends AsyncDisposable {
  url: string;
  /** A file for `npm_config_userconfig`: this registry, and somebody who may publish there. */
  userConfig: string;
}

/** A registry of its own on loopback: verdaccio. What is not ours it takes from where npm is set up for. */
export async function startRegistry(): Promise<LocalRegistry> {
  const verdaccio = await installVerdaccio();
  const folder = await mkdtemp(join(tmpdir(), 'runledger-registry-'));
  const url = `http://127.0.0.1:${await freePort()}/`;
  const { stdout } = await run('npm', ['config', 'get', 'registry']);
  const ours = { access: '$all', publish: '$authenticated' };
  const config = {
    storage: join(folder, 'storage'),
    auth: { htpasswd: { file: join(folder, 'htpasswd') } },
    uplinks: { theirs: { url: stdout.trim(), maxage: '1h', timeout: '2m' } },
    packages: { '@runledger/*': ours, runledger: ours, '**': { access: '$all', proxy: 'theirs' } },
    web: { enable: false },
    log: { type: 'stdout', format: 'json', level: 'error' },
  };
  // JSON is YAML too.
  await writeFile(join(folder, 'config.yaml'), JSON.stringify(config));
  const args = [verdaccio, '--config', join(folder, 'config.yaml'), '--listen', url];
  const registry = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = once(registry, 'close');
  await isUp(url, registry);
  const userConfig = join(folder, 'npmrc');
  await writeFile(userConfig, `registry=${url}\n${url.replace('http:', '')}:_authToken=${await signUp(url)}\n`);
  return {
    url,
    userConfig,
    async [Symbol.asyncDispose]() {
      registry.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Kept beside the projects that tests install: a registry has 250 packages of its own, which no checkout needs. */
async function installVerdaccio(): Promise<string> {
  const folder = join(tmpdir(), 'runledger-installed', `verdaccio-${VERDACCIO}`);
  const program = join(folder, 'node_modules', 'verdaccio', 'bin', 'verdaccio');
  if (existsSync(program)) return program;
  await mkdir(folder, { recursive: true });
  // It asks for "node-fetch@cjs", a tag that not every registry has.
  const overrides = { 'node-fetch': '2.7.0' };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, overrides }));
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--omit=optional'];
  await run('npm', ['install', ...flags, `verdaccio@${VERDACCIO}`], { cwd: folder });
  return program;
}

async function isUp(url: string, { exitCode }: { exitCode: number | null }): Promise<void> {
  for (let i = 0; i < 600; i += 1) {
    if (exitCode !== null) break;
    const answer = await fetch(`${url}-/ping`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`verdaccio does not answer at ${url}.`);
}

async function signUp(url: string): Promise<string> {
  const answer = await fetch(`${url}-/user/org.couchdb.user:releaser`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'releaser', password: crypto.randomUUID() }),
  });
  const { token } = (await answer.json()) as { token?: string };
  if (!token) throw new Error(`verdaccio gives nobody a token: ${answer.status}.`);
  return token;
}
