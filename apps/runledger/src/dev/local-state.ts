import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SupabaseKeys } from '@runledger/local-stack/supabase-keys';
import { createSupabaseKeys } from '@runledger/local-stack/supabase-keys';

/** Keys of the local Supabase and the user who is signed in on the page by one click: random once, then kept. */
export interface Secrets {
  keys: SupabaseKeys;
  user: { email: string; password: string };
}

/** What is running, for the other commands. */
export interface Running {
  apiUrl: string;
  supabaseUrl: string;
  supabaseAnonKey: string;
  supabaseServiceRoleKey: string;
  temporalAddress: string;
  temporalNamespace: string;
}

/** The folder `.runledger` of a project, which only its owner reads. */
export async function openLocalState(project: string) {
  const folder = join(project, '.runledger');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = (name: string) => join(folder, name);

  return {
    path,
    async secrets(): Promise<Secrets> {
      const known = await readFile(path('secrets.json'), 'utf8').catch(() => null);
      if (known !== null) return JSON.parse(known) as Secrets;
      const user = { email: 'dev@example.com', password: randomBytes(12).toString('base64url') };
      const secrets: Secrets = { keys: createSupabaseKeys(), user };
      await writePrivately(path('secrets.json'), `${JSON.stringify(secrets, null, 2)}\n`);
      return secrets;
    },
    /** Removes what the databases hold, and the keys that belong to it. */
    async reset(): Promise<void> {
      const names = ['postgres', 'temporal.db', 'temporal.db-shm', 'temporal.db-wal', 'secrets.json'];
      await Promise.all(names.map((name) => rm(path(name), { recursive: true, force: true })));
    },
    /** For commands in this folder (`local.json`), and for processes of one's own (`node --env-file=.runledger/env`). */
    async tell(running: Running, variables: Readonly<Record<string, string>>): Promise<void> {
      const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
      await writePrivately(path('env'), lines.join(''));
      await writePrivately(path('local.json'), `${JSON.stringify(running, null, 2)}\n`);
    },
    forget: () => rm(path('local.json'), { force: true }),
  };
}

export type LocalState = Awaited<ReturnType<typeof openLocalState>>;

/** A file that only its owner can read, whole or not at all. */
async function writePrivately(path: string, content: string): Promise<void> {
  const staging = `${path}.${process.pid}`;
  await writeFile(staging, content, { mode: 0o600 });
  await rename(staging, path);
}
