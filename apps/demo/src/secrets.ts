import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SupabaseKeys } from '@runledger/local-stack';
import { createSupabaseKeys } from '@runledger/local-stack';

export interface DemoUser {
  email: string;
  password: string;
}

export interface Secrets {
  keys: SupabaseKeys;
  demoUsers: DemoUser[];
}

const NAMES = ['ada', 'grace', 'linus'];

/** Writes a file that only its owner can read, whole or not at all. */
export async function writePrivately(path: string, content: unknown): Promise<void> {
  const staging = `${path}.${process.pid}`;
  await writeFile(staging, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  await rename(staging, path);
}

/** Keys and the demo users' passwords: random once, then kept with the data that they belong to. */
export async function readOrCreateSecrets(dir: string): Promise<Secrets> {
  const path = join(dir, 'secrets.json');
  const known = await readFile(path, 'utf8').catch(() => null);
  if (known) return JSON.parse(known);
  const secrets: Secrets = {
    keys: createSupabaseKeys(),
    demoUsers: NAMES.map((name) => ({ email: `${name}@example.com`, password: randomBytes(12).toString('base64url') })),
  };
  await mkdir(dir, { recursive: true });
  await writePrivately(path, secrets);
  return secrets;
}
