/** The API for a process of one's own. The command `runledger` is in `main.ts`. */
export { createRunledger, type Runledger, type RunledgerOptions } from '@runledger/api';
/** For a tRPC router of one's own that nests ours: its context, and what its error formatter adds. */
export { type AppRouter, type Context, runledgerErrorData } from '@runledger/router';
export { mountedAt } from './mounted-at.ts';
export { nodeListener } from './node-listener.ts';
