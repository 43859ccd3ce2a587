import { rename, writeFile } from 'node:fs/promises';

/** Writes a file that only its owner can read, whole or not at all. */
export async function writePrivately(path: string, content: unknown): Promise<void> {
  const staging = `${path}.${process.pid}`;
  await writeFile(staging, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  await rename(staging, path);
}
