/** Follows executions to their end: feeds, watched handles, recorder, reconciler, and the Temporal workflow that keeps one alive. */

export {
  type EnsureMonitorWorkflowOptions,
  ensureMonitorWorkflow,
  MONITOR_TASK_QUEUE,
  type MonitorWorkflow,
  monitorTaskQueue,
  monitorWorkflowId,
} from './ensure-monitor-workflow.ts';
export { createMonitor, type Monitor, type MonitorDeps, type MonitorOptions } from './monitor.ts';
export {
  createMonitorActivities,
  type MonitorActivities,
  type MonitorActivitiesOptions,
} from './monitor-activities.ts';
export { MONITOR_VERSION } from './monitor-version.ts';
export { createReportActivities, type OutcomeReport, type ReportActivities } from './report-activities.ts';
export {
  type Adopter,
  type AdopterOptions,
  type Adoption,
  type AdoptionResult,
  createAdopter,
} from './start/adopter.ts';
export { createTelemetry, type Telemetry, type TelemetryOptions } from './telemetry/telemetry.ts';
