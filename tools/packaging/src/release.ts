/** `npm run release`: builds every package, then publishes those whose version the registry does not have, and makes the tags. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPackages } from './build.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

await buildPackages();
const changeset = join(ROOT, 'node_modules', '.bin', 'changeset');
const publishing = spawn(changeset, ['publish', ...process.argv.slice(2)], { cwd: ROOT, stdio: 'inherit' });
publishing.on('close', (code) => process.exit(code ?? 1));
