import type { Execution, ExecutionSummary, ExecutionWithWorkflow } from '@runledger/contracts';

type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

export type FromRow<Row> = { [Key in keyof Row as CamelCase<Key & string>]: Row[Key] };

/** A row's names in the code's spelling. The one place where snake_case becomes camelCase; values stay untouched. */
export function fromRow<Row extends object>(row: Row): FromRow<Row> {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  ) as FromRow<Row>;
}

const summary = [
  'id',
  'workflow_id',
  'created_by',
  'engine',
  'temporal_namespace',
  'temporal_workflow_id',
  'temporal_run_id',
  'current_run_id',
  'closing_run_id',
  'run_count',
  'status',
  'outcome_authority',
  'error_message',
  'started_at',
  'engine_started_at',
  'first_task_at',
  'completed_at',
  'duration_ms',
  'activities_executed',
  'verdict',
  'tags',
  'metadata',
  'cancel_requested_at',
  'cancel_requested_by',
  'cancel_reason',
  'start_by',
  'recorded_at',
  'lost_at',
  'ended_by',
  'end_reason',
  'revision',
];

/** What lists select: no payloads. */
export const SUMMARY_COLUMNS = summary.join(',');
export const EXECUTION_COLUMNS = [
  ...summary,
  'input',
  'input_note',
  'output',
  'output_note',
  'failure',
  'state_snapshot',
].join(',');
export const WITH_WORKFLOW_COLUMNS = `${EXECUTION_COLUMNS},workflow:workflows(id,name,description)`;

/** The constraints of the table are those of the type, so that a row needs no second check. */
export function toExecution(row: object): Execution {
  const { lastTransition: _, ...execution } = fromRow(row) as Record<string, unknown>;
  return execution as unknown as Execution;
}

export function toExecutionSummary(row: object): ExecutionSummary {
  return fromRow(row) as unknown as ExecutionSummary;
}

/** The workflow's name is empty where row-level security hides the workflow from the caller. */
export function toExecutionWithWorkflow(row: object): ExecutionWithWorkflow {
  const execution = toExecution(row) as ExecutionWithWorkflow;
  return {
    ...execution,
    workflow: execution.workflow ?? { id: execution.workflowId, name: '', description: null },
  };
}
