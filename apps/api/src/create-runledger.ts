import { DEFAULT_CONNECTION_LIMITS } from '@runledger/host/connection-limits';
import { createLog } from '@runledger/host/log';
import { askSchema } from '@runledger/host/schema-versions';
import type { AppRouter, Context, Log } from '@runledger/router';
import { connect } from './connect.ts';
import { readDashboard } from './dashboard/read-dashboard.ts';
import { readEnv } from './env.ts';
import type { MaySee } from './may-see.ts';
import type { IsOperator } from './operators.ts';
import { readPublishing } from './publishing.ts';
import type { Listening } from './server.ts';
import { createApi } from './server.ts';
import { warnOfSignIn } from './sign-in.ts';

/** What the database counts up to. */
const UNLIMITED = 2_147_483_647;

export interface RunledgerOptions {
  /** As `apps/api` reads them. Default: those of this process. */
  env?: Record<string, string | undefined>;
  /** Default: JSON lines on standard output. A pino logger satisfies it. */
  log?: Log;
  /** Default: by the claim `app_metadata.runledger_role`. */
  isOperator?: IsOperator;
  /** Who sees in clear what workflows redact. Default: as `RUNLEDGER_SEES_REDACTED` says, nobody. */
  seesClear?: MaySee;
  /** For whom the codec server decodes payloads. Default: as `RUNLEDGER_CODEC_FOR` says, operators. */
  mayDecode?: MaySee;
}

export interface Runledger {
  /** To be nested in a tRPC router of one's own: `t.router({ runledger: runledger.router })`. */
  router: AppRouter;
  /** The context that `router` needs, of a request; each request has one. */
  createContext(request: Pick<Request, 'headers'>): Promise<Context>;
  /** Answers `/trpc`, `/export.*`, `/healthz` and `/readyz`, browsers with the page where there is one, and all else with 404. */
  fetch(request: Request): Promise<Response>;
  /** @throws Error that names the port and its variable when it is taken. */
  listen(at?: { port: number; host: string }): Promise<Listening>;
  /** Tells the log, once, where no token of the project can be verified, and where the schema is of another version. */
  warnOfSetUp(): Promise<void>;
  log: Log;
  close(): Promise<void>;
}

/**
 * The API whole, from its environment: what `apps/api` runs, for a process of one's own. Connects to nothing yet.
 * @throws Error that names each variable that is missing or wrong
 */
export function createRunledger({
  env: variables,
  isOperator,
  seesClear,
  mayDecode,
  ...options
}: RunledgerOptions = {}): Runledger {
  const env = readEnv(variables, { isShared: true });
  const log = options.log ?? createLog(env.LOG_LEVEL);
  const parts = connect(env, log, { isOperator, seesClear, mayDecode });
  const api = createApi({
    ...parts,
    startable: env.RUNLEDGER_STARTABLE,
    limits: { workflowsPerUser: env.RUNLEDGER_WORKFLOWS_PER_USER ?? UNLIMITED },
    publishing: readPublishing(env),
    corsOrigins: env.CORS_ORIGINS,
    mcp: env.RUNLEDGER_MCP,
    dashboard: readDashboard(env),
    connectionLimits: {
      ...DEFAULT_CONNECTION_LIMITS,
      // Behind a proxy all connections are the proxy's.
      connectionsPerAddress: env.RUNLEDGER_PROXY_HOPS > 0 ? null : env.RUNLEDGER_CONNECTIONS_PER_ADDRESS,
    },
  });
  return {
    router: api.router,
    createContext: api.createContext,
    fetch: api.fetch,
    listen: (at = { port: env.PORT, host: env.HOST }) => api.listen(at),
    async warnOfSetUp() {
      const [remark] = await Promise.all([askSchema(parts.schema), warnOfSignIn(parts.canSignIn, env, log)]);
      if (remark) log[remark.level]({ advice: remark.advice }, remark.says);
    },
    log,
    close: parts.close,
  };
}
