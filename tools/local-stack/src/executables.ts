import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { env } from './env.ts';

/** Where programs of these names would be on PATH, all places of the first name first. */
export function onPath(...names: string[]): string[] {
  const folders = env.path.split(delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

export async function firstExecutable(paths: string[]): Promise<string | undefined> {
  for (const path of paths) {
    const executable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return path;
  }
  return undefined;
}
