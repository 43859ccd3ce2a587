/**
 * Every status of an execution, once, in the order in which counters keep their numbers: a new one comes last, and is then
 * 0 in every cell that was written before. `stage` says what it means for an execution; `field` is its name in statistics.
 * `supabase/schemas/foundation/statuses.sql` says the same to Postgres; `supabase/tests/executions/statuses.server.test.ts` compares.
 */
export const STATUSES = {
  pending: { stage: 'open', field: 'pending' },
  running: { stage: 'open', field: 'running' },
  completed: { stage: 'successful', field: 'completed' },
  failed: { stage: 'unsuccessful', field: 'failed' },
  cancelled: { stage: 'unsuccessful', field: 'cancelled' },
  timed_out: { stage: 'unsuccessful', field: 'timedOut' },
  terminated: { stage: 'unsuccessful', field: 'terminated' },
} as const satisfies Record<string, { stage: Stage; field: string }>;

/** Open, or how it ended. */
export type Stage = 'open' | 'successful' | 'unsuccessful';

type Statuses = typeof STATUSES;
type StatusOf<S extends Stage> = {
  [Name in keyof Statuses]: Statuses[Name]['stage'] extends S ? Name : never;
}[keyof Statuses];

export type ExecutionStatus = keyof Statuses;
export type OpenStatus = StatusOf<'open'>;
export type UnsuccessfulStatus = StatusOf<'unsuccessful'>;
export type TerminalStatus = StatusOf<'successful' | 'unsuccessful'>;
/** The name of a status in statistics: `timedOut`. */
export type StatusField = Statuses[ExecutionStatus]['field'];

export const EXECUTION_STATUSES = Object.keys(STATUSES) as ExecutionStatus[];

const of = <S extends Stage>(...stages: S[]) =>
  EXECUTION_STATUSES.filter((status): status is StatusOf<S> => (stages as Stage[]).includes(STATUSES[status].stage));

export const OPEN_STATUSES = of('open');
export const UNSUCCESSFUL_STATUSES = of('unsuccessful');
export const TERMINAL_STATUSES = of('successful', 'unsuccessful');

export function isTerminal(status: ExecutionStatus): status is TerminalStatus {
  return STATUSES[status].stage !== 'open';
}

/** A value for each status under its name in statistics. */
export function byStatusField<T>(give: (status: ExecutionStatus) => T): Record<StatusField, T> {
  const fields = EXECUTION_STATUSES.map((status) => [STATUSES[status].field, give(status)]);
  return Object.fromEntries(fields) as Record<StatusField, T>;
}
