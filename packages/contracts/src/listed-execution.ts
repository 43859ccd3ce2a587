import { z } from 'zod';
import { ExecutionSummary, Timestamp, WorkflowName } from './execution.ts';
import { ExecutionHealth } from './proof.ts';
import { UsualDurations } from './usual-durations.ts';

const { health, reason, remedy, checkedAt } = ExecutionHealth.shape;

/** What a row of a list has beside the execution's own: how it stood when it was last looked at, and its kind of failure. */
const RowState = z.object({
  /** `null` of what is settled, and of what was not looked at yet. */
  health: health.nullable(),
  reason,
  remedy,
  checkedAt,
  failureGroup: z.string().nullable(),
});

/** A row of a list, as the ledger has it. */
export type ExecutionRow = ExecutionSummary & z.infer<typeof RowState>;

/** A row of a list, with what people call its workflow and its user, and by when it should have ended. */
export const ListedExecution = z.intersection(
  ExecutionSummary,
  RowState.extend({
    workflow: WorkflowName.omit({ description: true }),
    /** `null` where it is not known. */
    userName: z.string().nullable(),
    /** Of an open one: how long such executions take, as of a minute ago at most; `null` where none has completed. */
    usual: UsualDurations.nullable(),
    /** Of an open one: 99 of 100 such executions have ended by then. */
    expectedBy: Timestamp.nullable(),
  }),
);
export type ListedExecution = z.infer<typeof ListedExecution>;

/** What a search found, and by what. */
export const FoundExecution = z.object({
  matched: z.enum(['id', 'temporal_workflow_id', 'run_id', 'user', 'text']),
  execution: ListedExecution,
});
export type FoundExecution = z.infer<typeof FoundExecution>;

/** What a search found, as the ledger has it. */
export interface FoundRow {
  matched: FoundExecution['matched'];
  row: ExecutionRow;
}
