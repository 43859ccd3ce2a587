/**
 * `npm run release`: builds every package, then publishes those whose version the registry does not have, and makes the tags.
 * `--registry <url>` publishes there instead of where npm is set up for.
 */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildPackages } from '../build.ts';
import { originProblem } from './origin.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

const { values } = parseArgs({ options: { registry: { type: 'string' } } });
// Empty where there is no such remote.
const origin = spawnSync('git', ['remote', 'get-url', 'origin'], { cwd: ROOT, encoding: 'utf8' }).stdout.trim();
const problem = originProblem(origin);
if (problem) {
  console.error(problem);
  process.exit(1);
}

await buildPackages();
const changeset = join(ROOT, 'node_modules', '.bin', 'changeset');
// Both ask: changesets what is published already, pnpm where to.
const registry = values.registry && { npm_config_registry: values.registry, pnpm_config_registry: values.registry };
// Only a CI with an identity of its own can sign where a package was built.
const signs = process.env.ACTIONS_ID_TOKEN_REQUEST_URL !== undefined || process.env.SIGSTORE_ID_TOKEN !== undefined;
const env = { ...process.env, ...registry, npm_config_provenance: `${signs}`, pnpm_config_provenance: `${signs}` };
const publishing = spawn(changeset, ['publish'], { cwd: ROOT, stdio: 'inherit', env });
publishing.on('close', (code) => process.exit(code ?? 1));
