/** How an admitted execution is started: the start, its record, a refusal, and a cancel that came before it. Imports contracts only. */
export { sendCancelOn } from './late-cancel.ts';
export { pendingStartOf } from './pending-start.ts';
export { recordAndRead } from './record-and-read.ts';
export { recordAtOnce } from './record-at-once.ts';
export { type StartDeps, type StartRecorder, startExecution } from './start-execution.ts';
export { type Started, type StartSeveralDeps, startExecutions } from './start-executions.ts';
export { createWhileReachable, type WhileReachable } from './while-reachable.ts';
