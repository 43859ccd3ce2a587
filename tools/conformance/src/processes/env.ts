import { z } from 'zod';

const port = z.coerce.number().int().min(1).max(65_535);

/** What the process of the Supabase API is told. */
export const readSupabaseEnv = (variables: Record<string, string | undefined> = process.env) =>
  z
    .object({
      DATABASE_URL: z.string(),
      PORT: port,
      JWT_SECRET: z.string(),
      PUBLISHABLE_KEY: z.string(),
      SECRET_KEY: z.string(),
    })
    .parse(variables);

/** What the process of the kit's own workflows is told. */
export const readWorkflowEnv = (variables: Record<string, string | undefined> = process.env) =>
  z
    .object({
      TEMPORAL_ADDRESS: z.string(),
      SUPABASE_URL: z.url(),
      SUPABASE_SERVICE_ROLE_KEY: z.string(),
    })
    .parse(variables);
