import { hkdfSync } from 'node:crypto';
import type { SchemaLedger } from '@runledger/contracts';
import type { CallOptions } from '@runledger/execution-service';
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

/** Calls of the ledger in an API: whoever waits for one is told after so long that the database does not answer. */
const CALL: Partial<CallOptions> = { deadlineMs: 10_000, withinMs: 15_000 };

export interface Connections extends ApiParts {
  canSignIn: CanSignIn;
  schema: SchemaLedger;
  close(): Promise<void>;
}

export interface ConnectOptions {
  isOperator?: IsOperator | undefined;
  seesClear?: MaySee | undefined;
  mayDecode?: MaySee | undefined;
  call?: Partial<CallOptions> | undefined;
  engineCallMs?: number | undefined;
  placeMs?: number | undefined;
  now?: (() => number) | undefined;
}

/**
 * Joins the service and the engine to the API. Connects to nothing yet: it starts while Supabase or Temporal are away.
 * @param options.isOperator Default: by the claim `app_metadata.runledger_role`.
 * @param options.seesClear Default: as `RUNLEDGER_SEES_REDACTED` says.
 * @param options.mayDecode Default: as `RUNLEDGER_CODEC_FOR` says.
 * @param options.call How long a call of the ledger may take. Default: 10 s, 15 s with what is tried again.
 * @param options.engineCallMs How long a call of Temporal may take, with what is tried again. Default: 10,000.
 * @param options.placeMs How long something may wait for places of its user. Default: 20,000.
 * @param options.now Milliseconds since 1970. Default: the machine's clock.
 */
export function connect(
  env: Env,
  log: Log,
  { isOperator, seesClear, mayDecode, call = CALL, engineCallMs, placeMs, now }: ConnectOptions = {},
): Connections {
  const url = env.SUPABASE_URL;
  const asService = connectSupabase(supabaseAddress(env));
  const ledger = createLedger(asService, { call });
  const temporal = connectTemporal(env, engineCallMs);
  const schemas = createThreadedSchemas();
  const store = openRateStore(env.RUNLEDGER_RATE_LIMIT_STORE, log);
  const allowed = readMaySee(env);
  const telemetry = createApiTelemetry();
  const limits = readLimits(env, store, { placeMs, onWait: telemetry.waits });
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
    readAccess: (token) => readCurrentAccess(asCaller(token), call),
    readerFor: (token) =>
      telemetry.measured('ledger', createExecutionReader({ asCaller: asCaller(token), asService, call })),
  });
  const keys = createMachineKeyService(asService, { call });
  const identifyMachine = createIdentifyMachine(keys, { now, isOperator });
  return {
    identify: withKeys(byToken, identifyMachine, createExecutionReader({ asCaller: asService, asService, call })),
    keys,
    canSignIn: createSignInCheck(env),
    telemetry,
    ledger: telemetry.measured('ledger', ledger),
    schema: ledger,
    workflows: telemetry.measured('ledger', createWorkflowService(asService, { call })),
    engine: telemetry.measured('engine', temporal.engine),
    ...(temporal.decoder ? { decoder: temporal.decoder } : {}),
    machines: {
      identify: identifyMachine,
      service: telemetry.measured('ledger', createExecutionService(asService, { call })),
    },
    schemas,
    eventKey: new Uint8Array(hkdfSync('sha256', env.SUPABASE_SERVICE_ROLE_KEY, '', 'runledger ids of events', 32)),
    ...limits,
    log,
    async close() {
      await Promise.all([temporal.close(), schemas.close(), store.close()]);
    },
  };
}
