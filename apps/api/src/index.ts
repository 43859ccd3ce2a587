/** HTTP host of the router: `main.ts` runs it with the variables of `env.ts`; tests and `npm start` may embed it. */
export type { ApiOptions } from './app.ts';
export { type Connections, connect } from './connect.ts';
export { createRunledger, type Runledger, type RunledgerOptions } from './create-runledger.ts';
export { Env, readEnv } from './env.ts';
export type { IsOperator } from './operators.ts';
export { type Api, createApi, type Listening } from './server.ts';
