import { z } from 'zod';

const milliseconds = z.coerce.number().int().min(1_000).max(86_400_000);

/** Everything the worker can be told; the only place that reads the process's environment. */
const Env = z.object({
  /** The database's API: `https://…supabase.co`, or the local stack's address. */
  SUPABASE_URL: z.url(),
  SUPABASE_SERVICE_ROLE_KEY: z.string().min(1),
  /** `host:port`. */
  TEMPORAL_ADDRESS: z.string().min(1).default('localhost:7233'),
  /** The namespace whose executions are followed; the monitor itself runs there too. */
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_API_KEY: z.string().min(1).optional(),
  /** `true` for TLS with the system's roots. An API key switches it on. */
  TEMPORAL_TLS: z.stringbool().optional(),
  /** Every unsettled execution is looked at once in this time. */
  RUNLEDGER_RECONCILE_PERIOD_MS: milliseconds.default(300_000),
  /** Most executions watched by a long poll at once. */
  RUNLEDGER_WATCH_CAP: z.coerce.number().int().min(1).max(1_000).default(200),
  RUNLEDGER_TASK_QUEUE: z.string().min(1).default('runledger-monitor'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
});
export type Env = z.infer<typeof Env>;

/** @throws Error naming every variable that is missing or wrong, and why */
export function readEnv(variables: Record<string, string | undefined> = process.env): Env {
  // An empty variable is what a compose file makes of an unset one.
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = Env.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new Error(`The worker's environment is not complete:\n${problems.join('\n')}`);
}
