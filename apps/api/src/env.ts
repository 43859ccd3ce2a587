import { Startable } from '@runledger/contracts';
import { AuthIssuers } from '@runledger/host/auth-issuers';
import { codecVariables, LogLevel, readVariablesAndTemporal, supabaseVariables } from '@runledger/host/environment';
import { JsonArray } from '@runledger/host/json-array';
import { telemetryVariables } from '@runledger/host/telemetry-variables';
import type { TemporalNamespaces } from '@runledger/host/temporal/temporal-namespace';
import { z } from 'zod';
import { DemoUser } from './dashboard/page-config.ts';
import { MCP_MODES } from './mcp/tools.ts';

const flag = z.stringbool();
/** Stores of limits count kilobytes with 32 bits. */
const MOST_BYTES = 2_000_000_000_000;
/** A whole number, or `none`, which is `null`. */
const limit = (most = 1_000_000_000) =>
  z
    .string()
    .refine(
      (text) => text === 'none' || (/^\d{1,15}$/.test(text) && Number(text) <= most),
      `must be a whole number from 0 to ${most}, or none`,
    )
    .transform((text) => (text === 'none' ? null : Number(text)));

export const Env = z.object({
  ...telemetryVariables,
  /** 0 for any that is free. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(54_330),
  HOST: z.string().default('127.0.0.1'),
  ...supabaseVariables,
  SUPABASE_ANON_KEY: z.string().min(1),
  /** Of projects that sign tokens with a shared secret. Without it, the project's public keys are fetched. */
  SUPABASE_JWT_SECRET: z.string().min(1).optional(),
  /** Checked only where it is set: a local Supabase issues tokens without one. */
  SUPABASE_JWT_ISSUER: z.string().min(1).optional(),
  /**
   * Third parties whose tokens are accepted beside the project's own: `[{"issuer":"https://….auth0.com/","audience":"…"}]`,
   * or the path of a file. The Supabase project has to trust them too: it gets the same token.
   */
  RUNLEDGER_AUTH_ISSUERS: JsonArray.pipe(AuthIssuers).optional(),
  ...codecVariables,
  /** What users may start: `[{"workflowType":"order","taskQueue":"orders"}]`, of the first namespace unless `namespace` is given. */
  RUNLEDGER_STARTABLE: JsonArray.pipe(z.array(Startable.partial({ namespace: true }))),
  /** Who may publish workflows to all users: `operators` (`app_metadata.runledger_role` is `operator`) or `everyone`. */
  RUNLEDGER_PUBLISHERS: z.enum(['operators', 'everyone']).default('operators'),
  /** Whether the owner of a workflow sees tags, metadata and errors of others' executions, beside counts. */
  RUNLEDGER_OWNERS_SEE_ROWS: flag.default(false),
  /** Who sees in clear what workflows redact: `nobody`, or `operators`, of the executions that they may see. */
  RUNLEDGER_SEES_REDACTED: z.enum(['nobody', 'operators']).default('nobody'),
  /** A codec server of Temporal's protocol, which decodes payloads on demand; `{namespace}` in it is the namespace. */
  RUNLEDGER_CODEC_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  /** Sent to the codec server as the `authorization` header. */
  RUNLEDGER_CODEC_AUTHORIZATION: z.string().min(1).optional(),
  /** For whom it decodes, of the executions that they may see: `operators` or `everyone`. */
  RUNLEDGER_CODEC_FOR: z.enum(['operators', 'everyone']).default('operators'),
  /** Most definitions of workflows that a user may have. */
  RUNLEDGER_WORKFLOWS_PER_USER: limit(1_000_000).default(1_000),
  /** Calls of a user; those of a batch count each. */
  RUNLEDGER_REQUESTS_PER_MINUTE: limit().default(3_000),
  /** Calls of a user that change something. */
  RUNLEDGER_WRITES_PER_MINUTE: limit().default(600),
  /** Bytes of inputs, metadata and definitions that a user adds. */
  RUNLEDGER_STORED_BYTES_PER_DAY: limit(MOST_BYTES).default(1_000_000_000),
  /** Subscriptions of a user open at a time, for each process. */
  RUNLEDGER_STREAMS_PER_USER: limit().default(20),
  /** Calls of a user under way at a time, for each process; further ones wait. */
  RUNLEDGER_CALLS_AT_ONCE: limit()
    .refine((most) => most !== 0, 'must be at least 1, or none')
    .default(5),
  /** Requests of an address without a token that is known, for each process. */
  RUNLEDGER_UNVERIFIED_PER_MINUTE: limit().default(1_000),
  /** Connections of an address open at a time; not where there are proxies. */
  RUNLEDGER_CONNECTIONS_PER_ADDRESS: limit().default(1_000),
  /** Whether Supabase Auth's anonymous users may call. */
  RUNLEDGER_ANONYMOUS_USERS: z.enum(['allowed', 'refused']).default('allowed'),
  /** Where limits per user are counted: `memory` for one process, else the address of a Postgres or a Redis. */
  RUNLEDGER_RATE_LIMIT_STORE: z
    .string()
    .regex(/^(memory|(postgres(ql)?|rediss?):\/\/.+)$/, 'must be memory, postgres://… or redis://…')
    .default('memory'),
  /** Proxies in front of the API, each of which adds the address that it sees to `x-forwarded-for`. */
  RUNLEDGER_PROXY_HOPS: z.coerce.number().int().min(0).max(10).default(0),
  /** What agents may do at `/mcp`, each within the scope of its token. */
  RUNLEDGER_MCP: z.enum(MCP_MODES).default('read'),
  /** The folder of the built page, which is then served beside the API. Default: no page. */
  RUNLEDGER_DASHBOARD: z.string().min(1).optional(),
  /** Where browsers find the page, where a proxy serves it under a folder of its own: `/runs/`. */
  RUNLEDGER_DASHBOARD_PATH: z
    .string()
    .regex(/^\/([\w.~-]+\/)*$/, 'must begin and end with a slash, like /runs/')
    .default('/'),
  /** The project as browsers reach it, for signing in on the page. Default: SUPABASE_URL. */
  RUNLEDGER_SIGN_IN_URL: z.url().optional(),
  /** Temporal's own page, linked from each execution. */
  RUNLEDGER_TEMPORAL_UI_URL: z.url().optional(),
  /** Users of a demonstration, whom the page signs in by one click: `[{"email":"…","password":"…"}]`. Everybody sees them. */
  RUNLEDGER_DEMO_USERS: JsonArray.pipe(z.array(DemoUser)).optional(),
  /** Comma-separated; `*` for any. Default: pages served from this machine. */
  CORS_ORIGINS: z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((origin) => origin.trim())
        .filter(Boolean),
    )
    .optional(),
  LOG_LEVEL: LogLevel.default('info'),
});
export type Env = Omit<z.output<typeof Env>, 'RUNLEDGER_STARTABLE'> & {
  RUNLEDGER_STARTABLE: Startable[];
  temporal: TemporalNamespaces;
};

/**
 * Reads the configuration. An empty variable counts as not set. In a process of somebody else's (`isShared`) their own `TEMPORAL_…`
 * variables are no mistake.
 * @throws Error that names each variable that is missing, wrong, or set and not used
 */
export function readEnv(
  variables: Record<string, string | undefined> = process.env,
  { isShared = false }: { isShared?: boolean } = {},
): Env {
  const refusal = 'The API cannot start with these variables:';
  const env = readVariablesAndTemporal(Env, variables, { refusal, needsAddress: true, isShared });
  const [{ namespace }] = env.temporal;
  return { ...env, RUNLEDGER_STARTABLE: env.RUNLEDGER_STARTABLE.map((entry) => ({ namespace, ...entry })) };
}
