import type { Engine, Ledger, MachineKeyService, PayloadDecoder, WorkflowService } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import type { Context, InputSchemas, Log, UserLimits } from '@runledger/router';
import type { Identify } from './callers.ts';
import type { UnverifiedLimit } from './limits/unverified.ts';
import type { RememberedLimits } from './limits/user-limits.ts';
import type { Machines } from './machine/report-route.ts';
import type { ApiTelemetry } from './telemetry/api-telemetry.ts';

/** What is the same for all requests. */
export interface ApiParts {
  identify: Identify;
  /** Under the service role, as are the workflows. */
  ledger: Ledger;
  workflows: WorkflowService;
  engine: Engine;
  /** Decodes payloads on demand. Default: nothing does. */
  decoder?: PayloadDecoder;
  /** Measures what is called. Default: nothing does. */
  telemetry?: ApiTelemetry;
  /** Where schemas are compiled and inputs checked. Default: on the thread that answers requests. */
  schemas?: InputSchemas;
  /** Seals the ids of events: 32 bytes, the same in each process. Default: random. */
  eventKey?: Uint8Array;
  /** What each user may ask for. Default: as much as they like. */
  userLimits?: RememberedLimits;
  /** Bounds requests of nobody known, per address. Default: none. */
  unverified?: UnverifiedLimit;
  /** Proxies in front, each of which adds to `x-forwarded-for`. Default 0: the address that connects counts. */
  proxyHops?: number;
  /** Whether users without an account may call. Default `true`. */
  allowsAnonymous?: boolean;
  /** Keys that users make for their programs. Default: none. */
  keys?: MachineKeyService;
  /** Takes the reports of programs, at `/report`. Default: nobody does. */
  machines?: Machines;
  log: Log;
}

/**
 * The router's context of one request; a batch of calls has one.
 * @param request.limits What its calls are counted by. Default: those of the host.
 */
export async function createContext(
  {
    identify,
    unverified,
    allowsAnonymous = true,
    userLimits,
    decoder,
    telemetry,
    keys,
    ledger,
    workflows,
    engine,
    log,
  }: ApiParts,
  {
    authorization,
    requestId,
    limits = userLimits,
  }: { authorization: string | undefined; requestId: string; limits?: UserLimits | undefined },
): Promise<Context> {
  const { caller, callerProblem } = await identify(authorization);
  unverified?.learn(authorization, caller !== null);
  const isRefused = caller?.isAnonymous === true && !allowsAnonymous;
  return {
    ...(isRefused ? { caller: null, callerProblem: noAccount() } : { caller, callerProblem }),
    ...(limits ? { limits } : {}),
    ...(decoder ? { decoder } : {}),
    ...(keys ? { keys } : {}),
    ...(telemetry ? { around: telemetry.around } : {}),
    ...{ ledger, workflows, engine, log, requestId },
  };
}

function noAccount(): ExecutionError {
  return new ExecutionError('permission_denied', 'This API is for users with an account: sign up, or sign in.');
}
