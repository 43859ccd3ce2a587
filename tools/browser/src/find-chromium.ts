import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';

const NAMES = ['chromium', 'google-chrome', 'google-chrome-stable'];

/** The packed one of npm: 64 MB, as a file once it has been unpacked. */
async function packedChromium(): Promise<string> {
  const folder = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '..');
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'runledger');
  const path = join(cache, `chromium-${version}`);
  if (existsSync(path)) return path;
  await mkdir(cache, { recursive: true });
  // Several processes may unpack it at the same time; it is there as a whole or not at all.
  const staging = `${path}.${process.pid}`;
  await pipeline(
    createReadStream(join(folder, 'bin', 'chromium.br')),
    createBrotliDecompress(),
    createWriteStream(staging),
  );
  await chmod(staging, 0o755);
  await rename(staging, path);
  return path;
}

/**
 * The Chromium of this machine, else the one that npm installed.
 * @throws Error that says what to install, where there is none
 */
export async function findChromium(): Promise<string> {
  const { CHROMIUM_PATH, PATH = '' } = process.env;
  if (CHROMIUM_PATH) return CHROMIUM_PATH;
  const folders = PATH.split(delimiter);
  const installed = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) =>
    existsSync(path),
  );
  if (installed) return installed;
  if (process.platform === 'linux' && process.arch === 'x64') return packedChromium();
  throw new Error('There is no Chromium on the PATH. Install one, or name it with CHROMIUM_PATH.');
}
