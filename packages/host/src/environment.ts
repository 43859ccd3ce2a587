import { z } from 'zod';
import { readTemporal } from './temporal/read-temporal.ts';
import type { TemporalNamespaces } from './temporal/temporal-namespace.ts';

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
  const read = parseVariables(schema, variables, options.separator);
  if ('problems' in read) throw new Error(refused(options.refusal, read.problems));
  return read.data;
}

/**
 * The same with the namespaces of Temporal that the process works in, by `TEMPORAL_…` variables.
 * @throws Error that names every variable that is missing, wrong, or set and not used, and why
 */
export function readVariablesAndTemporal<T extends object>(
  schema: z.ZodType<T>,
  variables: Variables,
  { needsAddress, isShared, ...options }: ReadOptions & { needsAddress?: boolean; isShared?: boolean },
): T & { temporal: TemporalNamespaces } {
  const read = parseVariables(schema, variables, options.separator);
  const temporal = readTemporal(variables, { needsAddress, isShared });
  if ('problems' in read || 'problems' in temporal) {
    const problems = [read, temporal].flatMap((part) => ('problems' in part ? part.problems : []));
    throw new Error(refused(options.refusal, problems));
  }
  return { ...read.data, temporal: temporal.namespaces };
}

function parseVariables<T>(
  schema: z.ZodType<T>,
  variables: Variables,
  separator = '.',
): { data: T } | { problems: string[] } {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(set);
  if (parsed.success) return { data: parsed.data };
  const problems = parsed.error.issues.map(({ code, path, message }) => {
    // A rule of ours may find fault with a default too.
    const isMissing = code !== 'custom' && set[String(path[0])] === undefined;
    return `${path.map(String).join(separator)}: ${isMissing ? 'is not set' : message}`;
  });
  return { problems };
}

const refused = (refusal: string, problems: string[]) =>
  [refusal, ...problems.map((problem) => `  ${problem}`)].join('\n');

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

/** What is done with the payloads of namespaces that have a codec. To be spread into the schema of a process. */
export const codecVariables = {
  /** The path of a module that exports the codec of payloads (or of each namespace's). */
  RUNLEDGER_CODEC_MODULE: z.string().min(1).optional(),
  /** Whether the ledger holds decoded what Temporal holds encoded. Default: it holds a note. */
  RUNLEDGER_RECORD_DECODED: z.stringbool().default(false),
};
