import fc from 'fast-check';
import type { DatabaseKind, LedgerDatabase } from '../ledger-database.ts';
import { insertDirect, insertExecution, openLedger } from '../ledger-database.ts';

export interface Found {
  id: string;
  created_by: string;
  workflow_id: string;
  temporal_workflow_id: string | null;
  status: string;
  started_at: string;
  completed_at: string | null;
  outcome_authority: string | null;
  run_count: number;
  task_queue: string;
  workflow_type: string;
  duration_ms: number | null;
  verdict: string | null;
  tags: string[];
  failure_group: string | null;
  error_message: string | null;
  health: string | null;
}

/** What the filter means, written a second time. */
export function holds(filter: Record<string, unknown>, row: Found): boolean {
  const list = (key: string) => filter[key] as string[] | undefined;
  const text = filter.text as string | undefined;
  const atLeast = (filter.minDurationMs as number | undefined) ?? null;
  const atMost = (filter.maxDurationMs as number | undefined) ?? null;
  const time = (at: string) => new Date(at).getTime();
  const not = filter.not as { status?: string[]; tags?: string[] } | undefined;
  const ended = row.completed_at === null ? Number.NaN : time(row.completed_at);
  return (
    !not?.status?.includes(row.status) &&
    !not?.tags?.some((tag) => row.tags.includes(tag)) &&
    (list('workflowIds')?.includes(row.workflow_id) ?? true) &&
    (filter.taskQueue === undefined || row.task_queue === filter.taskQueue) &&
    (filter.workflowType === undefined || row.workflow_type === filter.workflowType) &&
    (filter.endedFrom === undefined || ended >= time(filter.endedFrom as string)) &&
    (filter.endedTo === undefined || ended < time(filter.endedTo as string)) &&
    (filter.authority === undefined || row.outcome_authority === filter.authority) &&
    (filter.minRuns === undefined || row.run_count >= (filter.minRuns as number)) &&
    (filter.maxRuns === undefined || row.run_count <= (filter.maxRuns as number)) &&
    (list('status')?.includes(row.status) ?? true) &&
    (filter.from === undefined || time(row.started_at) >= time(filter.from as string)) &&
    (filter.to === undefined || time(row.started_at) < time(filter.to as string)) &&
    (filter.verdict === undefined || row.verdict === filter.verdict) &&
    (atLeast === null || (row.duration_ms !== null && row.duration_ms >= atLeast)) &&
    (atMost === null || (row.duration_ms !== null && row.duration_ms <= atMost)) &&
    (list('tags')?.some((tag) => row.tags.includes(tag)) ?? true) &&
    (list('allTags')?.every((tag) => row.tags.includes(tag)) ?? true) &&
    (list('health') === undefined || (row.health !== null && list('health')?.includes(row.health) === true)) &&
    (filter.failureGroup === undefined || row.failure_group === filter.failureGroup) &&
    (text === undefined || (row.error_message?.toLowerCase().includes(text.toLowerCase()) ?? false)) &&
    (list('ids')?.some((id) => id === row.id || id === row.temporal_workflow_id) ?? true)
  );
}

const STATUSES = ['pending', 'running', 'completed', 'failed', 'cancelled', 'timed_out', 'terminated'];
export const DAYS = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z', '2026-01-04T00:00:00Z'];
const MESSAGES = ['Card declined', 'card was DECLINED by 100% of_banks', "it's C:\\lost", 'Überweisung abgelehnt', 'x'];
const HEALTHS = ['live', 'late', 'wedged', 'cancelling', 'lost'];

const daysAfter = (at: string, days: number) => new Date(Date.parse(at) + days * 86_400_000).toISOString();

/** Executions of every kind that a filter may ask for. */
export interface FilterWorld {
  ledger: LedgerDatabase;
  rows: Found[];
}

export async function openFilterWorld(kind: DatabaseKind): Promise<FilterWorld> {
  const ledger = await openLedger(kind);
  const random = fc.sample(
    fc.record({
      owner: fc.constantFrom(ledger.ada, ledger.ada, ledger.bob),
      workflow: fc.constantFrom(ledger.ada.workflowId, ledger.bob.workflowId),
      status: fc.constantFrom(...STATUSES),
      started_at: fc.constantFrom(...DAYS),
      duration_ms: fc.constantFrom(1, 50, 50, 3_000),
      verdict: fc.constantFrom(null, null, 'rejected'),
      tags: fc.subarray(['vip', 'berlin', 'a, "b"']),
      error_message: fc.constantFrom(...MESSAGES),
      direct: fc.boolean(),
      run_count: fc.constantFrom(1, 1, 2, 5),
      health: fc.constantFrom(...HEALTHS),
      days: fc.constantFrom(0, 0, 1),
    }),
    { numRuns: 160, seed: 7 },
  );
  for (const [
    index,
    { owner, workflow, direct, health, days, duration_ms, error_message, ...columns },
  ] of random.entries()) {
    const ended = !['pending', 'running'].includes(columns.status);
    const row = {
      ...columns,
      created_by: owner.id,
      workflow_id: workflow,
      ...(ended ? { duration_ms, completed_at: daysAfter(columns.started_at, days) } : {}),
      ...(ended && columns.status !== 'completed' ? { error_message } : {}),
    };
    if (direct) {
      await insertDirect(ledger, row);
      continue;
    }
    // Every workflow id is used by three executions.
    const names = { temporal_workflow_id: `order-${index % 40}`, temporal_run_id: `run-${index}` };
    const id = await insertExecution(ledger, { ...row, ...names });
    await ledger.db.query('update runledger.execution_checks set health = $1 where execution_id = $2', [health, id]);
  }
  const rows = await ledger.db.query<Found>(
    `select e.id, e.created_by, e.workflow_id, e.temporal_workflow_id, e.status, e.started_at, e.duration_ms, e.verdict,
            e.tags, e.failure_group, e.error_message, e.completed_at, e.outcome_authority, e.run_count, w.task_queue,
            w.workflow_type, c.health
       from runledger.workflow_executions e join runledger.workflows w on w.id = e.workflow_id left join runledger.execution_checks c on c.execution_id = e.id`,
  );
  await ledger.db.exec('analyze runledger.workflow_executions');
  return { ledger, rows };
}

const subset = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });

/** Filters of one or two parts: with more, hardly anything is found. */
export function someFilter({ ledger, rows }: FilterWorld) {
  const groups = [...new Set(rows.flatMap(({ failure_group }) => failure_group ?? []))];
  const names = rows.slice(0, 30).flatMap(({ id, temporal_workflow_id }) => [id, temporal_workflow_id ?? 'none']);
  const whole = fc.record(
    {
      status: subset(STATUSES),
      not: fc.record(
        { status: subset(STATUSES), tags: subset(['vip', 'a, "b"', 'none']) },
        { requiredKeys: [], noNullPrototype: true },
      ),
      workflowIds: subset([ledger.ada.workflowId, ledger.bob.workflowId, '01939c5e-0000-7000-8000-00000000dead']),
      taskQueue: fc.constantFrom(...new Set(rows.map(({ task_queue }) => task_queue)), 'none'),
      workflowType: fc.constantFrom(...new Set(rows.map(({ workflow_type }) => workflow_type)), 'none'),
      endedFrom: fc.constantFrom(...DAYS),
      endedTo: fc.constantFrom(...DAYS),
      authority: fc.constantFrom('engine', 'reported'),
      minRuns: fc.constantFrom(0, 2),
      maxRuns: fc.constantFrom(1, 4),
      from: fc.constantFrom(...DAYS),
      to: fc.constantFrom(...DAYS),
      verdict: fc.constant('rejected'),
      minDurationMs: fc.constantFrom(0, 50, 51),
      maxDurationMs: fc.constantFrom(50, 3_000),
      tags: subset(['vip', 'a, "b"', 'none']),
      allTags: subset(['vip', 'berlin']),
      health: subset(HEALTHS),
      failureGroup: fc.constantFrom(...groups),
      text: fc.constantFrom('declined', '100% of_', "it's c:\\", 'weisung', '___', 'none of them'),
      ids: subset(names),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  return whole.chain((parts) =>
    fc
      .subarray(Object.keys(parts), { maxLength: 2 })
      .map((keys) => Object.fromEntries(Object.entries(parts).filter(([key]) => keys.includes(key)))),
  );
}
