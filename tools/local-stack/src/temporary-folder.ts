import { statfsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
export function temporaryFolder(prefix: string, inMemory = '/dev/shm'): Promise<string> {
  return mkdtemp(join(hasRoom(inMemory) ? inMemory : tmpdir(), prefix));
}
