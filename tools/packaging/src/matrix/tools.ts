/** Node in several versions, Bun, Deno and package managers, as npm brings them. Each is installed once and kept. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const KEPT = join(tmpdir(), 'runledger-installed', 'tools');

/** @returns the folder of the package, with what its install scripts have made */
export async function installTool(name: string, version: string): Promise<string> {
  const folder = join(KEPT, `${name.replace('/', '-')}-${version}`);
  const installed = join(folder, 'node_modules', name);
  if (existsSync(join(folder, 'package-lock.json'))) return installed;
  await mkdir(folder, { recursive: true });
  // Newer npm runs the scripts that a project allows: these fetch the program for this machine.
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, allowScripts: { [name]: true } }));
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', ...flags, `${name}@${version}`], { cwd: folder });
  return installed;
}

/** A program that a package of its name brings. */
export const installProgram = async (name: string, version: string): Promise<string> =>
  join(await installTool(name, version), '..', '.bin', name);

/** The folder that has `node` of this major version, for a PATH. */
export const nodeFolder = async (major: string): Promise<string> => join(await installTool('node', major), 'bin');
