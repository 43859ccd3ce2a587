/** Follows executions to their end: watched handles, recorder, reconciler, and the Temporal workflow that keeps one alive. */
export {
  type EnsureMonitorWorkflowOptions,
  ensureMonitorWorkflow,
  MONITOR_TASK_QUEUE,
} from './ensure-monitor-workflow.ts';
export { createMonitor, type Monitor, type MonitorDeps, type MonitorOptions } from './monitor.ts';
export {
  createMonitorActivities,
  type MonitorActivities,
  type MonitorActivitiesOptions,
} from './monitor-activities.ts';
export { createReportActivities, type OutcomeReport, type ReportActivities } from './report-activities.ts';
