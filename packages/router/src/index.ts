/**
 * The typed API, over the interfaces of `contracts` only: whoever hosts it injects the ledger and the engine, and
 * `type AppRouter` brings no server code into a browser.
 */

export type { AroundCall, Caller, Context, Log } from './context.ts';
export { refuseCrowded } from './crowded.ts';
export { toErrorBody } from './error-body.ts';
export { isOperatorsConcern, type PublicErrorData, runledgerErrorData } from './error-mapping.ts';
export { checkHealth, HealthReport } from './health.ts';
export { createInThreadSchemas, type InputSchemas } from './input-schemas.ts';
export type { ProcedureMeta } from './key-scope.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export type { Publishing } from './publishing.ts';
export { readingCaller } from './reading-caller.ts';
export { type AppRouter, createAppRouter } from './root.ts';
export { type RequestText, refuseRoundedNumbers } from './rounded-numbers.ts';
export { toExecutionError } from './thrown.ts';
export { createCallerFactory } from './trpc.ts';
export type { TakenLimit, UserLimits } from './user-limits.ts';
export { Of } from './whose.ts';
