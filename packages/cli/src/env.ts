import { z } from 'zod';
import { localStackEnv } from './local-stack-env.ts';

const Env = z.object({
  /** The database's API: `https://…supabase.co`, or the local stack's address. */
  SUPABASE_URL: z.url(),
  SUPABASE_SERVICE_ROLE_KEY: z.string().min(1),
  /** `host:port`. */
  TEMPORAL_ADDRESS: z.string().min(1).default('localhost:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_API_KEY: z.string().min(1).optional(),
  /** `true` for TLS with the system's roots. An API key switches it on. */
  TEMPORAL_TLS: z.stringbool().optional(),
  /** As the worker has it; `doctor` looks whether it is right, so nothing here stumbles over it. */
  RUNLEDGER_ADOPTION: z.string().optional(),
  /** As the worker has it. */
  RUNLEDGER_TASK_QUEUE: z.string().min(1).optional(),
  /** Where `npm start` keeps its data: without `SUPABASE_URL`, the stack that runs there is meant. */
  RUNLEDGER_DIR: z.string().min(1).default('.runledger'),
  /** Colours where the output does not go to a terminal too. */
  FORCE_COLOR: z.string().optional(),
  /** Width of the output where it does not go to a terminal. */
  COLUMNS: z.coerce.number().int().min(40).max(400).catch(100),
});
export type Env = z.infer<typeof Env>;

/** @throws Error naming every variable that is missing or wrong, and why */
export function readEnv(variables: Record<string, string | undefined>): Env {
  const own = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const local = own.SUPABASE_URL === undefined ? localStackEnv(own.RUNLEDGER_DIR ?? '.runledger') : null;
  const given: Record<string, string | undefined> = { ...own, ...local };
  const parsed = Env.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `  ${path.join('.')}: ${given[String(path[0])] === undefined ? 'is not set' : message}`,
  );
  throw new Error(
    `These environment variables are needed, as the worker has them (or a stack of \`npm start\` in this folder):\n${problems.join('\n')}`,
  );
}
