import { EXECUTION_STATUSES } from '@runledger/contracts';
import type { SqlDatabase, SqlSession } from '@runledger/local-stack';

/** What an execution counts. */
export interface Counted {
  status: string;
  duration: number | null;
  queue: number | null;
  verdict: string | null;
  failure: string | null;
}

interface Row extends Counted {
  user: string;
  workflow: string;
  hour: number;
}

interface Delta extends Pick<Row, 'user' | 'workflow' | 'hour'> {
  left: Counted | null;
  came: Counted | null;
}

interface Times {
  count: number;
  sum: number;
  min: number | null;
  max: number | null;
  buckets: number[] | null;
  counts: number[] | null;
}

/** A folded cell, or what was pruned of an hour or a day. */
export interface Cell {
  user: string;
  /** Null: all workflows of the user. */
  workflow: string | null;
  grain: 'hour' | 'day' | 'life';
  hour: number | null;
  statuses: Record<string, number>;
  duration: Times;
  queue: Times;
  isStale: boolean;
}

interface Pruned extends Cell {
  workflow: string;
  grain: 'hour' | 'day';
  hour: number;
  verdicts: Record<string, number>;
  failures: Record<string, number>;
}

interface Label extends Pick<Cell, 'user' | 'workflow' | 'grain' | 'hour'> {
  kind: 'verdict' | 'failure';
  label: string;
  executions: number;
}

export interface Snapshot {
  rows: Row[];
  pruned: Pruned[];
  cells: Cell[];
  labels: Label[];
  deltas: Delta[];
  /** From which hour on hour cells are kept. */
  hoursFrom: number;
  /** What verify_execution_stats objects to in the same snapshot; null if it was not asked. */
  verified: Record<string, unknown>[] | null;
}

const HOUR = (column: string) => `(extract(epoch from date_trunc('hour', ${column}, 'UTC')) / 3600)::float8`;
const NIL = `'00000000-0000-0000-0000-000000000000'`;
const STARTS = `case when isfinite(starts_at) then ${HOUR('starts_at')} end as hour`;
// As the facts say, not as the function under test does.
const COUNTS_BY_STATUS = `(select coalesce(jsonb_object_agg((array['${EXECUTION_STATUSES.join("', '")}'])[place], n), '{}')
  from unnest(counts) with ordinality c (n, place)) as statuses`;
const TIMES = (
  of: string,
) => `jsonb_build_object('count', ${of}_count, 'sum', ${of}_sum, 'min', ${of}_min, 'max', ${of}_max,
  'buckets', to_jsonb(${of}_buckets), 'counts', to_jsonb(${of}_counts)) as ${of}`;
const SIDE = (side: string) => `case when ${side}_status is not null then jsonb_build_object('status', ${side}_status,
  'duration', ${side}_duration_ms, 'queue', ${side}_queue_ms, 'verdict', ${side}_verdict, 'failure', ${side}_failure_group) end`;

// To the microsecond, and rounded here instead of by the function under test.
const ROWS = `select created_by as user, workflow_id as workflow, ${HOUR('started_at')} as hour, status, duration_ms as duration,
  case when first_task_at is not null
    then greatest(0, round((extract(epoch from first_task_at) - extract(epoch from started_at)) * 1000)) end as queue,
  verdict, failure_group as failure from runledger.workflow_executions`;

async function read(db: SqlSession, verify: boolean): Promise<Snapshot> {
  const rows = await db.query<Row>(ROWS);
  const [state] = await db.query<{ hours: number | null }>(
    `select case when isfinite(hours_from) then ${HOUR('hours_from')} end as hours from runledger.fold_state`,
  );
  return {
    rows,
    pruned: await db.query(`select created_by as user, workflow_id as workflow, grain, ${STARTS}, ${COUNTS_BY_STATUS},
      ${TIMES('duration')}, ${TIMES('queue')}, verdicts, failures, false as "isStale" from runledger.execution_stats_pruned`),
    cells: await db.query(`select created_by as user, nullif(workflow_id, ${NIL}) as workflow, grain, ${STARTS},
      ${COUNTS_BY_STATUS},
      ${TIMES('duration')}, ${TIMES('queue')}, is_stale as "isStale" from runledger.execution_stats`),
    labels:
      await db.query(`select created_by as user, nullif(workflow_id, ${NIL}) as workflow, grain, ${STARTS}, kind, label, executions
      from runledger.execution_label_stats`),
    // As every reader takes them: from the bound on.
    deltas: await db.query(`select created_by as user, workflow_id as workflow, ${HOUR('hour')} as hour,
      ${SIDE('old')} as left, ${SIDE('new')} as came from runledger.execution_deltas where xid >= runledger_private.folded_below()`),
    hoursFrom: state?.hours ?? Number.NEGATIVE_INFINITY,
    verified: verify ? await db.query('select * from runledger.verify_execution_stats()') : null,
  };
}

/** Rows, cells and deltas as one moment saw them. */
export function readSnapshot(db: SqlDatabase, { verify = true } = {}): Promise<Snapshot> {
  return db.transaction(async (session) => {
    await session.exec('set transaction isolation level repeatable read, read only');
    return read(session, verify);
  });
}
