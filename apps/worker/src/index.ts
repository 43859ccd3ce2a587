/** Temporal worker host of the monitor. `main.ts` runs it as a process. */
export { Env, readEnv } from './env.ts';
export { createMonitorWorker, type MonitorWorker } from './worker.ts';
