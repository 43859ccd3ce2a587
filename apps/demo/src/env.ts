import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const port = z.coerce.number().int().min(1).max(65_535);

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
  RUNLEDGER_API_PORT: port.default(54_330),
  RUNLEDGER_SUPABASE_PORT: port.default(54_321),
  RUNLEDGER_TEMPORAL_PORT: port.default(7_233),
  RUNLEDGER_TEMPORAL_UI_PORT: port.default(8_233),
  RUNLEDGER_TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  /** Executions that the demo's users start per minute; 0 for none. */
  RUNLEDGER_DEMO_RATE: z.coerce.number().min(0).max(600).default(20),
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
  const parsed = EnvOfAStart.safeParse(
    Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== '')),
  );
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new Error(`These variables cannot be used:\n${problems.join('\n')}`);
}

/** What the demo's own worker process is told. */
export function readWorkerEnv(variables: Record<string, string | undefined> = process.env) {
  return z
    .object({ TEMPORAL_ADDRESS: z.string(), TEMPORAL_NAMESPACE: z.string() })
    .transform((env) => ({ address: env.TEMPORAL_ADDRESS, namespace: env.TEMPORAL_NAMESPACE }))
    .parse(variables);
}

/** What the process of the embedded Supabase API is told. */
export function readSupabaseEnv(variables: Record<string, string | undefined> = process.env) {
  return z
    .object({
      DATA_DIR: z.string(),
      PORT: port,
      JWT_SECRET: z.string(),
      PUBLISHABLE_KEY: z.string(),
      SECRET_KEY: z.string(),
    })
    .transform((env) => ({
      dataDir: env.DATA_DIR,
      port: env.PORT,
      keys: { jwtSecret: env.JWT_SECRET, publishableKey: env.PUBLISHABLE_KEY, secretKey: env.SECRET_KEY },
    }))
    .parse(variables);
}
