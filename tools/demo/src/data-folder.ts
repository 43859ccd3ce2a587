import { rmSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning } from '@runledger/local-stack';

/** Everything that `--reset` removes. By name: the folder may be one that somebody keeps other things in. */
const DATA = [
  'postgres',
  'postgres.copying',
  'postgres.made',
  'temporal.db',
  'temporal.db-shm',
  'temporal.db-wal',
  'secrets.json',
];

export interface DataFolder {
  path(name: string): string;
  reset(): Promise<void>;
  /** Lets the next start have it. */
  release(): void;
}

/** A database file that two processes have open is soon no database any more, so a folder serves one start at a time. */
async function takeLock(lock: string, dir: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await writeFile(lock, `${process.pid}\n`, { flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt === 3) throw error;
    }
    const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
    if (holder > 0 && holder !== process.pid && isRunning(holder)) {
      throw new Error(
        `The data in ${dir} is in use by another start (process ${holder}). Stop that one, or choose another folder: ` +
          `RUNLEDGER_DIR. If process ${holder} is something else, remove ${lock}.`,
      );
    }
    await rm(lock, { force: true }); // of a start that was killed
  }
}

/**
 * Opens the folder that keeps everything, for its owner only.
 * @throws Error when another start uses it
 */
export async function openDataFolder(dir: string): Promise<DataFolder> {
  const path = (name: string) => join(dir, name);
  const remove = (name: string) => rm(path(name), { recursive: true, force: true });
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await takeLock(path('main.pid'), dir);
  const release = () => {
    for (const name of ['local.json', 'main.pid']) rmSync(path(name), { force: true });
  };
  process.once('exit', release);
  await remove('local.json');
  return {
    path,
    async reset() {
      await Promise.all(DATA.map(remove));
    },
    release() {
      process.off('exit', release);
      release();
    },
  };
}
