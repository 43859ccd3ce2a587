import type { SchemaLedger } from '@runledger/contracts';
import {
  connectSupabase,
  createExecutionReader,
  createExecutionService,
  createLedger,
  createMachineKeyService,
  createWorkflowService,
  readCurrentAccess,
} from '@runledger/execution-service';
import { supabaseAddress } from '@runledger/host/environment';
import type { Log } from '@runledger/router';
import { createIdentify } from './callers.ts';
import type { ApiParts } from './context.ts';
import type { Env } from './env.ts';
import { openRateStore, readLimits } from './limits/read-limits.ts';
import { withKeys } from './machine/key-callers.ts';
import { createIdentifyMachine } from './machine/machine-callers.ts';
import type { MaySee } from './may-see.ts';
import { readMaySee } from './may-see.ts';
import type { IsOperator } from './operators.ts';
import { createThreadedSchemas } from './schemas/threaded-schemas.ts';
import type { CanSignIn } from './sign-in.ts';
import { createSignInCheck } from './sign-in.ts';
import { createApiTelemetry } from './telemetry/api-telemetry.ts';
import { connectTemporal } from './temporal.ts';
import { createTokenVerifier } from './verify-token.ts';

export interface Connections extends ApiParts {
  canSignIn: CanSignIn;
  schema: SchemaLedger;
  close(): Promise<void>;
}

/**
 * Joins the service and the engine to the API. Connects to nothing yet: it starts while Supabase or Temporal are away.
 * @param options.isOperator Default: by the claim `app_metadata.runledger_role`.
 * @param options.seesClear Default: as `RUNLEDGER_SEES_REDACTED` says.
 * @param options.mayDecode Default: as `RUNLEDGER_CODEC_FOR` says.
 * @param options.now Milliseconds since 1970. Default: the machine's clock.
 */
export function connect(
  env: Env,
  log: Log,
  {
    isOperator,
    seesClear,
    mayDecode,
    now,
  }: { isOperator?: IsOperator; seesClear?: MaySee; mayDecode?: MaySee; now?: () => number } = {},
): Connections {
  const url = env.SUPABASE_URL;
  const asService = connectSupabase(supabaseAddress(env));
  const ledger = createLedger(asService);
  const temporal = connectTemporal(env);
  const schemas = createThreadedSchemas();
  const store = openRateStore(env.RUNLEDGER_RATE_LIMIT_STORE, log);
  const limits = readLimits(env, store);
  const allowed = readMaySee(env);
  const telemetry = createApiTelemetry();
  const asCaller = (token: string) =>
    connectSupabase({ url, key: env.SUPABASE_ANON_KEY, accessToken: async () => token });
  const byToken = createIdentify({
    isOperator,
    seesClear: seesClear ?? allowed.seesClear,
    mayDecode: mayDecode ?? allowed.mayDecode,
    now,
    log,
    verifyToken: createTokenVerifier({
      supabaseUrl: url,
      secret: env.SUPABASE_JWT_SECRET,
      issuer: env.SUPABASE_JWT_ISSUER,
      thirdParties: env.RUNLEDGER_AUTH_ISSUERS,
      now,
    }),
    readAccess: (token) => readCurrentAccess(asCaller(token)),
    readerFor: (token) => telemetry.measured('ledger', createExecutionReader({ asCaller: asCaller(token), asService })),
  });
  const keys = createMachineKeyService(asService);
  const identifyMachine = createIdentifyMachine(keys, now);
  return {
    identify: withKeys(byToken, identifyMachine, createExecutionReader({ asCaller: asService, asService })),
    keys,
    canSignIn: createSignInCheck(env),
    telemetry,
    ledger: telemetry.measured('ledger', ledger),
    schema: ledger,
    workflows: telemetry.measured('ledger', createWorkflowService(asService)),
    engine: telemetry.measured('engine', temporal.engine),
    ...(temporal.decoder ? { decoder: temporal.decoder } : {}),
    machines: {
      identify: identifyMachine,
      service: telemetry.measured('ledger', createExecutionService(asService)),
    },
    schemas,
    ...limits,
    log,
    async close() {
      await Promise.all([temporal.close(), schemas.close(), store.close()]);
    },
  };
}
