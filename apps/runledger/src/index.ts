/** The API for a process of one's own. The command `runledger` is in `main.ts`. */
export { createRunledger, type Runledger, type RunledgerOptions } from '@runledger/api';
export { mountedAt } from './mounted-at.ts';
