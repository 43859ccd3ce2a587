import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';

const { CODEC_KEYS = 'keys', TEMPORAL_NAMESPACE = 'default' } = process.env;
await mkdir(CODEC_KEYS, { recursive: true, mode: 0o700 });
const file = `${CODEC_KEYS}/${TEMPORAL_NAMESPACE}.key`;
// What was encrypted with a key that is gone is lost: one that is there stays.
await writeFile(file, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' });
console.log(`Wrote ${file}.`);
