import { z } from 'zod';

type Variables = Record<string, string | undefined>;

interface ReadOptions {
  /** The sentence above the list of what is wrong. */
  refusal: string;
  /** Between a variable and the place in it that is wrong. Default `.`. */
  separator?: string;
}

/**
 * Reads variables by a schema. An empty one counts as not set: a compose file makes that of an unset one.
 * @throws Error that names every variable that is missing or wrong, and why
 */
export function readVariables<T>(schema: z.ZodType<T>, variables: Variables, options: ReadOptions): T {
  const { refusal, separator = '.' } = options;
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(set);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ code, path, message }) => {
    // A rule of ours may find fault with a default too.
    const isMissing = code !== 'custom' && set[String(path[0])] === undefined;
    return `  ${path.map(String).join(separator)}: ${isMissing ? 'is not set' : message}`;
  });
  throw new Error(`${refusal}\n${problems.join('\n')}`);
}

/** A port to listen on, of one's own choice. */
export const Port = z.coerce.number().int().min(1).max(65_535);

export const LogLevel = z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']);

/** Where the ledger is. To be spread into the schema of a process. */
export const supabaseVariables = {
  /** The database's API: `https://…supabase.co`, or the local stack's address. */
  SUPABASE_URL: z.url(),
  SUPABASE_SERVICE_ROLE_KEY: z.string().min(1),
};

const SupabaseEnv = z.object(supabaseVariables);

/** How to connect to the ledger as the service role, as `connectSupabase` takes it. */
export const supabaseAddress = (env: z.infer<typeof SupabaseEnv>) => ({
  url: env.SUPABASE_URL,
  key: env.SUPABASE_SERVICE_ROLE_KEY,
});

/** Where Temporal is. To be spread into the schema of a process. */
export const temporalVariables = {
  /** `host:port`. */
  TEMPORAL_ADDRESS: z.string().min(1).default('localhost:7233'),
  /** The namespace whose executions are meant. */
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_API_KEY: z.string().min(1).optional(),
  /** `true` for TLS with the system's roots. An API key switches it on. */
  TEMPORAL_TLS: z.stringbool().optional(),
};

const TemporalEnv = z.object(temporalVariables);

/** How to connect to Temporal, as its clients and workers take it. */
export const temporalAddress = (env: Omit<z.infer<typeof TemporalEnv>, 'TEMPORAL_NAMESPACE'>) => ({
  address: env.TEMPORAL_ADDRESS,
  tls: env.TEMPORAL_TLS,
  apiKey: env.TEMPORAL_API_KEY,
});
