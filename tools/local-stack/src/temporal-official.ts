import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { env } from './env.ts';
import { runBounded } from './run-bounded.ts';

const NOTHING_ARRIVES_MS = 10_000;
const DOWNLOAD_MS = 300_000;

export const officialTemporal = (): string => join(env.cacheDir, 'temporal-official', 'temporal');

/**
 * Downloads the CLI that belongs to the SDK's version with `@temporalio/testing`, into the cache folder. The download
 * happens inside the SDK's native core, where it can neither be bounded nor separated from starting a server; so a child
 * process does it, which is killed when nothing has arrived after 10 s, and its server only lives for a moment.
 */
export async function downloadOfficialTemporal(): Promise<string> {
  await mkdir(env.cacheDir, { recursive: true });
  const staging = await mkdtemp(join(env.cacheDir, 'temporal-official-'));
  const controller = new AbortController();
  const arrived = () => readdir(staging).then((files) => files.length > 0);
  const early = setTimeout(async () => (await arrived()) || controller.abort(), NOTHING_ARRIVES_MS);
  const late = setTimeout(() => controller.abort(), DOWNLOAD_MS);
  try {
    const script = fileURLToPath(new URL(`./temporal-official-download${extname(import.meta.url)}`, import.meta.url));
    const { output } = await runBounded(process.execPath, [script, staging], {
      env: env.forChild(),
      signal: controller.signal,
    });
    // A server that did not start within the SDK's 5 s is not a reason to throw the binary away.
    const [binary] = (await readdir(staging)).filter((file) => !file.endsWith('.downloading'));
    if (!binary) throw new Error(output || 'nothing arrived within 10 s');
    await rename(join(staging, binary), join(staging, 'temporal'));
    await rename(staging, join(env.cacheDir, 'temporal-official')).catch(() => {}); // another process was first
    return officialTemporal();
  } finally {
    clearTimeout(early);
    clearTimeout(late);
    await rm(staging, { recursive: true, force: true });
  }
}
