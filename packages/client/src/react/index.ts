'use client';

/**
 * React hooks over TanStack Query: those of every procedure (`api`), and live ones of what pages show most. Components of them, which
 * look like the page that they stand in, and the parts that these are made of, which take what they show. Load `styles.css` with them.
 */
export type { LiveConnection, LiveState } from '../live/live-changes.ts';
export { Duration, ElapsedTime } from './parts/duration.tsx';
export { HealthIcon, HealthLabel } from './parts/health-label.tsx';
export { LiveLabel } from './parts/live-label.tsx';
export { ProgressBar } from './parts/progress-bar.tsx';
export { RelativeTime } from './parts/relative-time.tsx';
export { StatusIcon, StatusLabel } from './parts/status-label.tsx';
export { useNow } from './parts/use-now.ts';
export { ProofBadge, type ProofBadgeProps } from './proof/proof-badge.tsx';
export { ProofLabel } from './proof/proof-label.tsx';
export { type ProofState, proofState } from './proof/proof-state.ts';
export {
  api,
  createRunledgerReact,
  RunledgerProvider,
  type RunledgerReact,
  type RunledgerReactOptions,
} from './provider.tsx';
export { type RunMark, RunMarks } from './runs/run-marks.tsx';
export { RunStrip, type RunStripProps } from './runs/run-strip.tsx';
export { type ExecutionDetails, ExecutionStatus, type ExecutionStatusProps } from './status/execution-status.tsx';
export { type Column, type ColumnKey, shownTags } from './table/columns.tsx';
export { ExecutionRows, type ExecutionRowsProps } from './table/execution-rows.tsx';
export { ExecutionTable, type ExecutionTableProps } from './table/execution-table.tsx';
export { ExecutionTimeline, type ExecutionTimelineProps } from './timeline/execution-timeline.tsx';
export type { Span } from './timeline/folds.ts';
export {
  type Bar,
  type BarKind,
  layoutTimeline,
  type TimelineInput,
  type TimelineLayout,
  type TimelineRow,
  type Tone,
} from './timeline/layout.ts';
export { TimelineTable, type TimelineTableProps } from './timeline/timeline-table.tsx';
export { useExecution } from './use-execution.ts';
export {
  type ExecutionsOptions,
  type ExecutionsPage,
  type ExecutionsResult,
  executionsQuery,
  useExecutions,
} from './use-executions.ts';
export { useLiveConnection, useLiveEvents } from './use-live.ts';
export { useProgress } from './use-progress.ts';
export { useReadAnew } from './use-read-anew.ts';
export { useRunledger } from './use-runledger.ts';
export { useExecutionStats, useReadAfterChanges, useWorkflowStatistics } from './use-statistics.ts';
export { useTimeline } from './use-timeline.ts';
export {
  type ExecutionAction,
  ExecutionActions,
  type ExecutionActionsProps,
  type StartedExecution,
} from './view/execution-actions.tsx';
export { type ExecutionSection, ExecutionView, type ExecutionViewProps } from './view/execution-view.tsx';
export { JsonLines } from './view/json-lines.tsx';
export type { OutcomeFacts } from './words/action-words.ts';
export type { ProofFigures } from './words/proof-words.ts';
export { type Audience, useWords, WordsProvider } from './words/use-words.tsx';
export { DEFAULT_WORDS, type ExecutionFacts, type TroubledHealth, type Words } from './words/words.ts';
