/** What a frontend or a script imports to call the API: typed, and free of server code. React hooks are in `./react`. */
export { type ClientOptions, createRunledgerClient, type RunledgerClient } from './client.ts';
export {
  errorFields,
  exceededQuota,
  executionErrorCode,
  isWorthRetrying,
  reachedLimit,
  retryAfterMs,
} from './client-error.ts';
export type { AppRouter, RouterInputs, RouterOutputs } from './router-types.ts';
