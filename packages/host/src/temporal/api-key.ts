import { readFileSync, statSync } from 'node:fs';

/** How long a file is taken to be unchanged, in milliseconds. */
const LOOK_EVERY_MS = 1_000;

/**
 * A key from a file that changes while the process runs, as Kubernetes and Vault write it. While the file is missing or empty, as in
 * the middle of a change, the last key stays.
 * @throws Error when there is no key at the beginning
 */
export function apiKeyFile(path: string, now: () => number = Date.now): () => string {
  let key = readKey(path);
  if (key === '') throw new Error(`${path} is empty`);
  let version = versionOf(path);
  let lookedAt = now();
  return () => {
    if (now() - lookedAt < LOOK_EVERY_MS) return key;
    lookedAt = now();
    try {
      const latest = versionOf(path);
      if (latest === version) return key;
      const read = readKey(path);
      if (read === '') return key;
      key = read;
      version = latest;
    } catch {
      // It is being replaced.
    }
    return key;
  };
}

const readKey = (path: string) => readFileSync(path, 'utf8').trim();

function versionOf(path: string): string {
  const { ino, mtimeMs, size } = statSync(path);
  return `${ino} ${mtimeMs} ${size}`;
}
