/** React hooks over TanStack Query: those of every procedure (`api`), and live ones of what pages show most. */
export type { LiveConnection, LiveState } from '../live/live-changes.ts';
export {
  api,
  createRunledgerReact,
  RunledgerProvider,
  type RunledgerReact,
  type RunledgerReactOptions,
} from './provider.tsx';
export { useExecution } from './use-execution.ts';
export { type ExecutionsResult, useExecutions } from './use-executions.ts';
export { useLiveConnection } from './use-live.ts';
export { useProgress } from './use-progress.ts';
export { useRunledger } from './use-runledger.ts';
export { useExecutionStats, useWorkflowStatistics } from './use-statistics.ts';
