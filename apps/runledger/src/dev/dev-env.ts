import { Port, readVariables } from '@runledger/host/environment';
import { z } from 'zod';

const Env = z.object({
  /** A Supabase that runs already, with its keys; none is started then. */
  SUPABASE_URL: z.url().optional(),
  SUPABASE_ANON_KEY: z.string().min(1).optional(),
  SUPABASE_SERVICE_ROLE_KEY: z.string().min(1).optional(),
  SUPABASE_JWT_SECRET: z.string().min(1).optional(),
  /** A Temporal server that runs already; none is started then. */
  TEMPORAL_ADDRESS: z.string().min(1).optional(),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  RUNLEDGER_STARTABLE: z.string().min(1).optional(),
  RUNLEDGER_API_PORT: Port.default(54_330),
  RUNLEDGER_SUPABASE_PORT: Port.default(54_321),
  RUNLEDGER_TEMPORAL_PORT: Port.default(7_233),
  RUNLEDGER_TEMPORAL_UI_PORT: Port.default(8_233),
});
export type DevEnv = z.infer<typeof Env>;

/** @throws Error naming every variable that is wrong, and why */
export const readDevEnv = (variables: Record<string, string | undefined>): DevEnv =>
  readVariables(Env, variables, { refusal: 'These variables cannot be used:' });
