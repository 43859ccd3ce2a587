/** The commands that look at a ledger and repair it. `main.ts` runs them alone; `apps/runledger` adds those that set a project up. */
export { ask } from './ask.ts';
export { EXIT, type ExitCode } from './exit-code.ts';
export type { Host } from './host.ts';
export { processHost } from './process-host.ts';
export { type AddCommand, createProgram } from './program.ts';
export type { Registry } from './registry.ts';
export type { LocalContext } from './run-command.ts';
export { runProgram } from './run-program.ts';
export type { Terminal } from './terminal.ts';
