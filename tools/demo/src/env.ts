import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Port, readVariables } from '@runledger/host/environment';
import { z } from 'zod';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

const PORTS = [
  'RUNLEDGER_API_PORT',
  'RUNLEDGER_SUPABASE_PORT',
  'RUNLEDGER_TEMPORAL_PORT',
  'RUNLEDGER_TEMPORAL_UI_PORT',
] as const;

const Env = z.object({
  /** Relative to the repository: where `npm start` runs, wherever it is called. */
  RUNLEDGER_DIR: z
    .string()
    .default('.runledger')
    .transform((dir) => resolve(repository, dir)),
  RUNLEDGER_API_PORT: Port.default(54_330),
  RUNLEDGER_SUPABASE_PORT: Port.default(54_321),
  RUNLEDGER_TEMPORAL_PORT: Port.default(7_233),
  RUNLEDGER_TEMPORAL_UI_PORT: Port.default(8_233),
  RUNLEDGER_TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  /** Executions that the demo's users start per minute; 0 for none. */
  RUNLEDGER_DEMO_RATE: z.coerce.number().min(0).max(600).default(20),
  /** A line of how all stand stays below the output on a terminal, but not in a CI, nor where nothing can be drawn over. */
  CI: z.string().optional(),
  TERM: z.string().optional(),
  /** A Temporal server that runs already; none is started then. */
  TEMPORAL_ADDRESS: z.string().min(1).optional(),
});
export type DemoEnv = z.infer<typeof Env>;

const EnvOfAStart = Env.superRefine((env, context) => {
  for (const [i, name] of PORTS.entries()) {
    const twin = PORTS.slice(0, i).find((earlier) => env[earlier] === env[name]);
    if (twin)
      context.addIssue({ code: 'custom', path: [name], message: `${env[name]} is the port of ${twin} already` });
  }
});

/** @throws Error naming every variable that is wrong, and why */
export function readDemoEnv(variables: Record<string, string | undefined> = process.env): DemoEnv {
  return readVariables(EnvOfAStart, variables, { refusal: 'These variables cannot be used:' });
}

const WorkerEnv = z
  .object({ TEMPORAL_ADDRESS: z.string(), TEMPORAL_NAMESPACE: z.string() })
  .transform((env) => ({ address: env.TEMPORAL_ADDRESS, namespace: env.TEMPORAL_NAMESPACE }));

/** What the demo's own worker process is told. */
export const readWorkerEnv = (variables: Record<string, string | undefined> = process.env) =>
  readVariables(WorkerEnv, variables, { refusal: 'The demo’s worker cannot use these variables:' });

const SupabaseEnv = z
  .object({
    DATA_DIR: z.string(),
    PORT: Port,
    JWT_SECRET: z.string(),
    PUBLISHABLE_KEY: z.string(),
    SECRET_KEY: z.string(),
  })
  .transform((env) => ({
    dataDir: env.DATA_DIR,
    port: env.PORT,
    keys: { jwtSecret: env.JWT_SECRET, publishableKey: env.PUBLISHABLE_KEY, secretKey: env.SECRET_KEY },
  }));

/** What the process of the embedded Supabase API is told. */
export const readSupabaseEnv = (variables: Record<string, string | undefined> = process.env) =>
  readVariables(SupabaseEnv, variables, { refusal: 'The Supabase API cannot use these variables:' });
