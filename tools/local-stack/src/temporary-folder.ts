import { statfsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning } from './is-running.ts';

const IN_MEMORY = '/dev/shm';
/** Containers often have 64 MB there, which one database fills. */
const ENOUGH_BYTES = 4 * 1_024 ** 3;

function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= ENOUGH_BYTES;
  } catch {
    return false;
  }
}

/**
 * Makes a folder for a database that is thrown away: in memory where that has room, as a file system on a disk takes half a second
 * of CPU time for the thousand files of a new database, and memory a tenth of that.
 */
export function temporaryFolder(name: string, inMemory = IN_MEMORY): Promise<string> {
  return mkdtemp(join(hasRoom(inMemory) ? inMemory : tmpdir(), `runledger-${name}-${process.pid}-`));
}

/** Removes such folders of processes that were killed. */
export async function removeAbandonedFolders(): Promise<void> {
  for (const root of [IN_MEMORY, tmpdir()])
    for (const name of await readdir(root).catch(() => [])) {
      const [, pid] = /^runledger-[a-z]+-(\d+)-\w{6}$/.exec(name) ?? [];
      if (pid && !isRunning(Number(pid))) await rm(join(root, name), { recursive: true, force: true }).catch(() => {});
    }
}
