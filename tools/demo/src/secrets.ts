import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { SupabaseKeys } from '@runledger/local-stack/supabase-keys';
import { createSupabaseKeys } from '@runledger/local-stack/supabase-keys';
import { writePrivately } from './write-privately.ts';

export interface DemoUser {
  email: string;
  password: string;
}

export interface Secrets {
  keys: SupabaseKeys;
  demoUsers: DemoUser[];
}

const NAMES = ['ada', 'grace', 'linus'];

async function readSecrets(path: string): Promise<Secrets | null> {
  const known = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (known === null) return null;
  try {
    return JSON.parse(known);
  } catch (cause) {
    throw new Error(
      `${path} is not JSON any more, and the database knows no other passwords. ` +
        'Fix it, or start over with `npm start -- --reset`.',
      { cause },
    );
  }
}

/** Keys and the demo users' passwords: random once, then kept with the data that they belong to. */
export async function readOrCreateSecrets(path: string): Promise<Secrets> {
  const known = await readSecrets(path);
  if (known) return known;
  const secrets: Secrets = {
    keys: createSupabaseKeys(),
    demoUsers: NAMES.map((name) => ({ email: `${name}@example.com`, password: randomBytes(12).toString('base64url') })),
  };
  await writePrivately(path, secrets);
  return secrets;
}
