import { resolve } from 'node:path';
import type { Env } from '../env.ts';
import type { DashboardOptions } from './page-config.ts';

/** The page as the environment has it; `null` where it is not served. */
export function readDashboard(env: Env): DashboardOptions | null {
  if (env.RUNLEDGER_DASHBOARD === undefined) return null;
  return {
    folder: resolve(env.RUNLEDGER_DASHBOARD),
    path: env.RUNLEDGER_DASHBOARD_PATH,
    config: {
      auth: { url: env.RUNLEDGER_SIGN_IN_URL ?? env.SUPABASE_URL, key: env.SUPABASE_ANON_KEY },
      temporalUiUrl: env.RUNLEDGER_TEMPORAL_UI_URL ?? null,
      namespace: env.temporal[0].namespace,
      demoUsers: env.RUNLEDGER_DEMO_USERS ?? [],
    },
  };
}
