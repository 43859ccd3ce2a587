import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What only the owner of the files reads. */
const SecretsFile = z.object({ keys: z.object({ jwtSecret: z.string() }) });

const LocalFile = z.object({
  dashboardUrl: z.string().optional(),
  supabaseUrl: z.string(),
  supabaseServiceRoleKey: z.string(),
  temporalAddress: z.string(),
  temporalNamespace: z.string(),
});

/**
 * The environment of the stack that `npm start` runs in this folder, from the file that it leaves there for scripts;
 * `null` where none runs.
 */
export function localStackEnv(folder: string): Record<string, string> | null {
  let text: string;
  try {
    text = readFileSync(join(folder, 'local.json'), 'utf8');
  } catch {
    return null;
  }
  const local = LocalFile.parse(JSON.parse(text));
  return {
    SUPABASE_URL: local.supabaseUrl,
    SUPABASE_SERVICE_ROLE_KEY: local.supabaseServiceRoleKey,
    TEMPORAL_ADDRESS: local.temporalAddress,
    TEMPORAL_NAMESPACE: local.temporalNamespace,
    ...(local.dashboardUrl ? { RUNLEDGER_DASHBOARD_URL: local.dashboardUrl } : {}),
    ...readSecret(folder),
  };
}

function readSecret(folder: string): Record<string, string> {
  try {
    const { keys } = SecretsFile.parse(JSON.parse(readFileSync(join(folder, 'secrets.json'), 'utf8')));
    return { SUPABASE_JWT_SECRET: keys.jwtSecret };
  } catch {
    return {};
  }
}
