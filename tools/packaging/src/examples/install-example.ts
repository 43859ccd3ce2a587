import { execFile } from 'node:child_process';
import { cp, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { InstalledProject } from '../install-packed.ts';
import { installPacked, PEERS } from '../install-packed.ts';
import { EXAMPLES, manifestOf } from './example-files.ts';

/** An example outside of this repository, with what it asks for installed by npm: our packages from their archives. */
export async function installExample(name: string): Promise<InstalledProject> {
  const { dependencies, devDependencies } = await manifestOf(name);
  const foreign = Object.entries({ ...dependencies, ...devDependencies }).filter(([each]) => !isOurs(each));
  // The versions that our tests know: tRPC's packages ask for each other's exact one, and a registry may have them on different days.
  const known = foreign.map(([each, range]) => [each, each === 'typescript' ? range : (PEERS[each] ?? range)]);
  const project = await installPacked(Object.fromEntries(known));
  // Bundlers follow no link out of a project.
  const kept = await realpath(join(project.folder, 'node_modules'));
  await rm(join(project.folder, 'node_modules'));
  await promisify(execFile)('cp', ['-a', '-l', kept, join(project.folder, 'node_modules')]);
  return copyExample(name, project);
}

/** The same beside whatever the project has installed already. @param folder Of the project. Default: itself. */
export async function copyExample(name: string, project: InstalledProject, folder = '.'): Promise<InstalledProject> {
  await cp(join(EXAMPLES, name), join(project.folder, folder), {
    recursive: true,
    filter: (path) => !/\/(node_modules|\.next|\.runledger|dist)$/.test(path),
  });
  return project;
}

const isOurs = (name: string) => name === 'runledger' || name.startsWith('@runledger/');
