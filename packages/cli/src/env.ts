import { codecVariables, readVariablesAndTemporal, supabaseVariables } from '@runledger/host/environment';
import type { TemporalNamespaces } from '@runledger/host/temporal/temporal-namespace';
import { z } from 'zod';
import { localStackEnv } from './local-stack-env.ts';

const Env = z.object({
  ...supabaseVariables,
  ...codecVariables,
  /** As the worker has it; `doctor` looks whether it is right, so nothing here stumbles over it. */
  RUNLEDGER_ADOPTION: z.string().optional(),
  /** As the API has them; `doctor` looks whether tokens can be verified. */
  SUPABASE_JWT_SECRET: z.string().min(1).optional(),
  RUNLEDGER_AUTH_ISSUERS: z.string().optional(),
  /** As the worker has it. */
  RUNLEDGER_TASK_QUEUE: z.string().min(1).optional(),
  /** Where `npm start` keeps its data: without `SUPABASE_URL`, the stack that runs there is meant. */
  RUNLEDGER_DIR: z.string().min(1).default('.runledger'),
  /** Where the API serves the page, for `runledger ui`. */
  RUNLEDGER_DASHBOARD_URL: z.url().optional(),
  /** Colours where the output does not go to a terminal too. */
  FORCE_COLOR: z.string().optional(),
  /** Width of the output where it does not go to a terminal. */
  COLUMNS: z.coerce.number().int().min(40).max(400).catch(100),
});
export type Env = z.infer<typeof Env> & { temporal: TemporalNamespaces };

/** @throws Error naming every variable that is missing, wrong, or set and not used, and why */
export function readEnv(variables: Record<string, string | undefined>): Env {
  const local = variables.SUPABASE_URL ? null : localStackEnv(variables.RUNLEDGER_DIR || '.runledger');
  const refusal =
    'These environment variables are needed, as the worker has them (or a stack of `npm start` in this folder):';
  return readVariablesAndTemporal(Env, { ...variables, ...local }, { refusal });
}
