import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { packedPackages } from '../pack.ts';
import { installTool, nodeFolder } from './tools.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const YARN = '4.18.1';

export const MANAGERS = ['npm', 'pnpm', 'yarn'] as const;
type Manager = (typeof MANAGERS)[number];

export interface Wanted {
  manager: Manager;
  /** The major version of Node that installs, and runs what is installed. */
  node: string;
  /** What the project has beside the packages. */
  dependencies: Readonly<Record<string, string>>;
  /** Of the packages; all, unless told otherwise. */
  names?: readonly string[];
}

/** The environment of a project whose `node` is of this version, and none of the checkout's. */
export async function environmentOf(node: string): Promise<NodeJS.ProcessEnv> {
  const { PATH = '', NODE_COMPILE_CACHE: _, ...others } = process.env;
  const foreign = PATH.split(delimiter).filter((folder) => !folder.startsWith(ROOT));
  const own = Object.entries(others).filter(([name]) => !/^npm_(package|lifecycle|config_local)/.test(name));
  return { ...Object.fromEntries(own), PATH: [await nodeFolder(node), ...foreign].join(delimiter) };
}

/** Installs the archives into an empty folder, as whoever uses this package manager would. */
export async function installWith(folder: string, { manager, node, dependencies, names }: Wanted): Promise<void> {
  const archives = [...(await packedPackages())].filter(([name]) => !names || names.includes(name));
  const own = Object.fromEntries(archives.map(([name, archive]) => [name, `file:${archive}`]));
  // The packages ask for each other by version, which no registry has yet: npm sees that they are there, the others are told.
  const instead = { pnpm: {}, yarn: { resolutions: own }, npm: {} }[manager];
  const manifest = { type: 'module', private: true, dependencies: { ...dependencies, ...own }, ...instead };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await run(...(await commandOf(manager, folder, own)), {
    cwd: folder,
    env: { ...(await environmentOf(node)), ...YARN_ENV },
    maxBuffer: 100_000_000,
  });
}

const YARN_ENV = { YARN_ENABLE_TELEMETRY: '0', YARN_ENABLE_IMMUTABLE_INSTALLS: 'false' };

async function commandOf(
  manager: Manager,
  folder: string,
  overrides: Record<string, string>,
): Promise<[command: string, args: string[]]> {
  if (manager === 'npm')
    return [
      'npm',
      ['install', '--prefer-offline', '--no-audit', '--no-fund', '--strict-peer-deps', '--loglevel=error'],
    ];
  if (manager === 'pnpm') {
    const settings = { packages: ['.'], overrides, strictDepBuilds: false };
    await writeFile(join(folder, 'pnpm-workspace.yaml'), JSON.stringify(settings));
    const pnpm = join(ROOT, 'node_modules', '.bin', 'pnpm');
    return [pnpm, ['install', '--prefer-offline', '--reporter=append-only']];
  }
  const { stdout } = await run('npm', ['config', 'get', 'registry']);
  const settings = { nodeLinker: 'node-modules', npmRegistryServer: stdout.trim(), enableScripts: false };
  await writeFile(join(folder, '.yarnrc.yml'), JSON.stringify(settings));
  return ['node', [join(await installTool('@yarnpkg/cli-dist', YARN), 'bin', 'yarn.js'), 'install']];
}
