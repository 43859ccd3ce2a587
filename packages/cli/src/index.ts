/** The command `runledger`. `main.ts` is what a shell runs. */
export { createProgram } from './program.ts';
