import type { ExecutionStatus } from './execution.ts';

/** What the ledger keeps of a run, as `columns` of an import names it. */
export type ImportedValue =
  | 'id'
  | 'user'
  | 'workflow'
  | 'workflow_name'
  | 'status'
  | 'started_at'
  | 'completed_at'
  | 'duration_ms'
  | 'error_message'
  | 'failure'
  | 'input'
  | 'output'
  | 'temporal_namespace'
  | 'temporal_workflow_id'
  | 'temporal_run_id'
  | 'metadata'
  | 'tags'
  | 'state_snapshot'
  | 'verdict'
  | 'activities_executed'
  | 'engine_started_at'
  | 'first_task_at'
  | 'cancel_requested_at'
  | 'cancel_requested_by'
  | 'cancel_reason';

/** How a table is to be read, where looking at it does not tell. */
export interface ImportOptions {
  /** The column that tells rows apart. Default: that of the primary key, else of another unique index; views and partitioned tables may have none. */
  key?: string;
  /** Which column holds what; `null`: none does. Default: by their names, in snake_case or camelCase. */
  columns?: Partial<Record<ImportedValue, string | null>>;
  /** What a status means; `none` is a missing one. Default: the usual spellings (`success`, `errored`, `in_progress`, …). */
  statuses?: Record<string, ExecutionStatus>;
  /** Workflow ids or names of the table to rows of `workflows`. Default: the same id; what is missing is made. */
  workflows?: Record<string, string>;
  /** The workflow of rows that name none. Default: they are refused. */
  workflow?: string;
  /** The user of rows that name none. Default: they are refused. */
  user?: string;
  /** Adds users that are not in `runledger.users`. Default: their rows are refused. */
  createUsers?: boolean;
  /** Puts columns that have no place into `metadata.imported`. Default: they are left behind. */
  keepRest?: boolean;
  /** Exchanges start and end where the end lies before the start. Default: such rows are refused. */
  swapTimes?: boolean;
  /** Takes start plus duration where the end lies before the start or in the future. Default: such rows are refused. */
  dropEnd?: boolean;
  /** Takes end minus start where the duration is negative. Default: such rows are refused. */
  dropDuration?: boolean;
  /** Leaves out tags after the 50th, and of a verdict what is beyond 100 characters. Default: such rows are refused. */
  cut?: boolean;
  /** Temporal namespace of rows that name none. Default `default`. */
  namespace?: string;
  /** Ends since then that carry a Temporal run are confirmed or corrected by the monitor. ISO 8601. Default: none is. */
  confirmSince?: string;
}

/** What an import would read. */
export interface ImportDescription {
  source: string;
  /** The column that tells rows apart. */
  key: string;
  rows: number;
  columns: { column: string; type: string /** `null`: it has no place. */; takenAs: string | null }[];
  /** As the table spells them, the most frequent first; `becomes` is `null` for one that is not known. */
  statuses: { status: string | null; becomes: ExecutionStatus | null; rows: number }[];
}

export type ImportResult = 'taken' | 'known' | 'refused';

/** Rows of one status that met the same. */
export interface ImportGroup {
  status: string | null;
  result: ImportResult;
  /** Why they were refused, or what is to be known of those that were taken. */
  reason: string | null;
  rows: number;
  /** The key of one of them, and what its reason is about. */
  example: string;
  detail: string | null;
}

/** What an import came to: `rows` is always `taken + known + refused`. */
export interface ImportTotals {
  source: string;
  rows: number;
  taken: number;
  /** In the ledger already, or taken by an earlier import and deleted since. */
  known: number;
  refused: number;
}

export interface ImportReport extends ImportTotals {
  /** Of everything that was ever imported from this table; of a dry run, what it would be. */
  groups: ImportGroup[];
}

/** A row that was taken as running in Temporal, by which Temporal can be asked. */
export interface ImportedOpenRow {
  namespace: string;
  temporalWorkflowId: string;
  firstRunId: string | null;
  startedAt: string;
}

/** What changes of a forwarded table came to; `left` are those that can be settled at once. */
export interface ForwardedChanges {
  rows: number;
  taken: number;
  changed: number;
  deleted: number;
  /** Tried again in a minute; why is in `runledger.forwarded_rows`. */
  refused: number;
  left: number;
}

/** What changes of executions came to in the table that gets them back. */
export interface ReturnedChanges {
  rows: number;
  written: number;
  deleted: number;
  refused: number;
  left: number;
}

/** Rows and executions that differ in the same. */
export interface ImportDifference {
  /** The part that differs, or a sentence. */
  what: string;
  rows: number;
  /** The key of one of them. */
  example: string;
  /** What the table says, what the ledger says; of a row that is not in the ledger, `theirs` is the reason. */
  theirs: string | null;
  ours: string | null;
}

export interface ImportComparison {
  rows: number;
  same: number;
  differences: ImportDifference[];
}

/** Brings a hand-written table of runs into the ledger. Needs the service role, which must be able to read the table. */
export interface ImportService {
  /** Default table: `public.workflow_executions` or `public.workflow_runs`, whichever there is. @throws `not_found`, `invalid_input` */
  describe(source: string | null, options?: ImportOptions): Promise<ImportDescription>;
  /**
   * Takes the rows in batches, each in a transaction of its own; after an interruption it goes on where it stopped. A second
   * run takes nothing twice. @throws `not_found`, `invalid_input`
   */
  importRuns(
    source: string | null,
    options?: ImportOptions,
    how?: {
      /** Only says what would happen. */
      dryRun?: boolean;
      /** Rows a batch, 1 to 5,000. Default 1,000. */
      batch?: number;
      onProgress?(totals: ImportTotals): void;
      /** Told after each batch: how many of its rows were taken as running in Temporal, and up to 200 of them. */
      onOpen?(rows: number, some: ImportedOpenRow[]): void;
    },
  ): Promise<ImportReport>;
  /** Brings in what `runledger.forward_runs` has noted, at most 500 rows. @throws `not_found` where the table is not forwarded */
  forwardChanges(source: string | null): Promise<ForwardedChanges>;
  /** Writes executions that changed into the table, at most 500. @throws `not_found` where it gets none back (`return_runs`) */
  returnChanges(source: string | null): Promise<ReturnedChanges>;
  /**
   * Compares every row with the execution it is, in what both have.
   * @param options As the rows were imported; `null`: as the table is forwarded. @throws `not_found`
   */
  compare(
    source: string | null,
    options: ImportOptions | null,
    how?: { onProgress?(rows: number): void },
  ): Promise<ImportComparison>;
}
