import { z } from 'zod';

/** What the worker with a planted fault is told: what the real one is, and which fault it has. */
export const readPlantedEnv = (variables: Record<string, string | undefined> = process.env) =>
  z
    .object({
      SUPABASE_URL: z.url(),
      SUPABASE_SERVICE_ROLE_KEY: z.string(),
      TEMPORAL_ADDRESS: z.string(),
      PLANTED: z.enum(['nothing', 'reset is an end', 'watermark ahead']),
    })
    .parse(variables);
