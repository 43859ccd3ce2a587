/**
 * Writes `.env` for an API or worker that runs under a debugger beside `npm start`: the addresses and keys of that stack.
 * Only the file's owner can read it. Its API listens on 54331, because the stack's own has 54330.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { demoStartable } from '../tools/demo/src/definitions.ts';

const root = new URL('../', import.meta.url);
const read = async (name: string) => JSON.parse(await readFile(new URL(`.runledger/${name}`, root), 'utf8'));

try {
  const [local, secrets] = await Promise.all([read('local.json'), read('secrets.json')]);
  const variables = {
    SUPABASE_URL: local.supabaseUrl,
    SUPABASE_ANON_KEY: local.supabaseAnonKey,
    SUPABASE_SERVICE_ROLE_KEY: local.supabaseServiceRoleKey,
    SUPABASE_JWT_SECRET: secrets.keys.jwtSecret,
    TEMPORAL_ADDRESS: local.temporalAddress,
    TEMPORAL_NAMESPACE: local.temporalNamespace,
    RUNLEDGER_STARTABLE: JSON.stringify(demoStartable(local.temporalNamespace)),
    PORT: '54331',
  };
  const lines = Object.entries(variables).map(([name, value]) => `${name}='${value}'\n`);
  await writeFile(new URL('.env', root), lines.join(''), { mode: 0o600 });
  console.log('Wrote .env: the running stack, with the API on port 54331.');
} catch (error) {
  console.error(
    `Cannot read the running stack from .runledger/: run \`npm start\` first. (${(error as Error).message})`,
  );
  process.exitCode = 1;
}
