/**
 * Every status of an execution, once, in the order in which counters keep their numbers: a new one comes last, and is then
 * 0 in every cell that was written before. `stage` is where an execution with it stands; `field` is its name in
 * statistics, `label` for people.
 * `supabase/schemas/foundation/statuses.sql` says the same to Postgres; `supabase/tests/executions/statuses.server.test.ts` compares.
 */
export const STATUSES = {
  pending: { stage: 'open', field: 'pending', label: 'Pending' },
  running: { stage: 'open', field: 'running', label: 'Running' },
  completed: { stage: 'successful', field: 'completed', label: 'Completed' },
  failed: { stage: 'faulty', field: 'failed', label: 'Failed' },
  cancelled: { stage: 'stopped', field: 'cancelled', label: 'Cancelled' },
  timed_out: { stage: 'faulty', field: 'timedOut', label: 'Timed out' },
  terminated: { stage: 'stopped', field: 'terminated', label: 'Terminated' },
} as const satisfies Record<string, { stage: Stage; field: string; label: string }>;

/** Open, or how it ended: as it should, by a fault, or because somebody wished so. */
export type Stage = 'open' | 'successful' | 'faulty' | 'stopped';

type Statuses = typeof STATUSES;
type StatusOf<S extends Stage> = {
  [Name in keyof Statuses]: Statuses[Name]['stage'] extends S ? Name : never;
}[keyof Statuses];

export type ExecutionStatus = keyof Statuses;
export type OpenStatus = StatusOf<'open'>;
export type UnsuccessfulStatus = StatusOf<'faulty' | 'stopped'>;
export type TerminalStatus = StatusOf<Exclude<Stage, 'open'>>;
/** The name of a status in statistics: `timedOut`. */
export type StatusField = Statuses[ExecutionStatus]['field'];

export const EXECUTION_STATUSES = Object.keys(STATUSES) as ExecutionStatus[];

/** For people who read English. */
export const STATUS_LABELS = Object.fromEntries(
  EXECUTION_STATUSES.map((status) => [status, STATUSES[status].label]),
) as Record<ExecutionStatus, string>;

const of = <S extends Stage>(...stages: S[]) =>
  EXECUTION_STATUSES.filter((status): status is StatusOf<S> => (stages as Stage[]).includes(STATUSES[status].stage));

export const OPEN_STATUSES = of('open');
export const FAULTY_STATUSES = of('faulty');
export const UNSUCCESSFUL_STATUSES = of('faulty', 'stopped');
export const TERMINAL_STATUSES = of('successful', 'faulty', 'stopped');

export const stageOf = (status: ExecutionStatus): Stage => STATUSES[status].stage;

export function isTerminal(status: ExecutionStatus): status is TerminalStatus {
  return stageOf(status) !== 'open';
}

/** A value for each status under its name in statistics. */
export function byStatusField<T>(give: (status: ExecutionStatus) => T): Record<StatusField, T> {
  const fields = EXECUTION_STATUSES.map((status) => [STATUSES[status].field, give(status)]);
  return Object.fromEntries(fields) as Record<StatusField, T>;
}

/** The reason on record of a cancel whose user gave none. People are not shown it: who did it stands beside it. */
export const CANCELLED = 'cancelled by its user';
