// Runs a script of this repository on a machine that has only Node 20 and npm: installs what is missing, then hands over
// to the Node version that the repository pins. Plain JavaScript, because an older Node runs it.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [script, ...args] = process.argv.slice(2);
const stampFile = join(root, 'node_modules', '.runledger-install');
const env = {
  ...process.env,
  DO_NOT_TRACK: '1',
  LITE_TELEMETRY: '0',
  TURBO_TELEMETRY_DISABLED: '1',
  // What Node has compiled once it does not compile again: a third of the processor's time of a start.
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules', '.cache', 'runledger', 'compiled'),
};

if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(`Runledger needs Node 20 or newer to begin with; this is ${process.version}.`);
  process.exit(1);
}

/** Changes whenever an install would do something. */
function manifestHash() {
  const packages = ['packages', 'apps', 'tools'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(folder, name, 'package.json')),
  );
  const files = [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'package.json',
    'supabase/tests/package.json',
    'docs/package.json',
    'deploy/package.json',
    ...packages,
  ];
  const hash = createHash('sha256');
  for (const file of files.filter((file) => existsSync(join(root, file)))) hash.update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

/** What a signal to this process does, at the time. */
let onSignal = () => process.exit(130);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => onSignal(signal));

// npm, told to end, ends the shell between it and this process, which then has another parent. Without npm, it may have been
// started to outlive its parent.
const parent = process.ppid;
if (env.npm_lifecycle_event) {
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    onSignal('SIGTERM');
  }, 250);
  watch.unref();
}

async function install() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const began = Date.now();
  const seconds = () => `${((Date.now() - began) / 1000).toFixed(1)} s`;
  console.log(`Installing dependencies with ${packageManager} …`);
  const args = ['--yes', packageManager, 'install', '--frozen-lockfile', '--reporter=append-only'];
  // A group of its own, so that what npx has started ends with it.
  const installing = spawn('npx', args, { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let stopped = false;
  onSignal = () => {
    stopped = true;
    if (installing.pid) process.kill(-installing.pid, 'SIGTERM');
  };
  let said = '';
  for (const stream of [installing.stdout, installing.stderr]) {
    stream.on('data', (text) => {
      said += text;
    });
  }
  const ticker = process.stdout.isTTY && setInterval(() => process.stdout.write(`\r\x1b[K… ${seconds()}`), 500);
  const code = await new Promise((resolve) => {
    installing.on('error', (error) => {
      said += error.message;
      resolve(1);
    });
    installing.on('close', resolve);
  });
  if (ticker) {
    clearInterval(ticker);
    process.stdout.write('\r\x1b[K');
  }
  if (stopped) process.exit(130);
  if (code !== 0) {
    console.error(`${said}\nThe install failed. Fix what it says above and run this again.`);
    process.exit(1);
  }
  writeFileSync(stampFile, manifestHash());
  console.log(`Dependencies installed in ${seconds()}`);
}

const installed = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === manifestHash();
if (!installed) await install();

const node = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
const child = spawn(node, [join(root, script), ...args], {
  // The channel closes when this process is killed, which the script may listen to.
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  cwd: root,
  env: { ...env, PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH}` },
});
// A terminal sends Ctrl-C to the whole group; a signal sent to this process alone is handed on.
onSignal = (signal) => {
  if (!(signal === 'SIGINT' && process.stdin.isTTY)) child.kill(signal);
};
child.on('error', (error) => {
  console.error(`${error.message}\nRemove node_modules and run this again: Node is installed with everything else.`);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
