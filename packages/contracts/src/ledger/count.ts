/** A number in which the counters and a recount of the executions differ. There are none, unless somebody wrote past the triggers. */
export interface CounterDrift {
  /** `null`: of all users. */
  userId: string | null;
  /** `null`: of all workflows of the user. */
  workflowId: string | null;
  grain: 'hour' | 'day' | 'life';
  /** `null` for the whole life. */
  startsAt: string | null;
  /** A status, `duration_sum`, `queue 17` (a bucket of the histogram), `verdict good`, … */
  field: string;
  counted: number;
  recounted: number;
}

/** Whose counters: a user's, a workflow's, a pair's; everybody's where neither is named. */
export interface CountingScope {
  userId?: string;
  workflowId?: string;
}

export interface DriftOptions {
  /** How many have been gone through. */
  onProgress?(checked: { users: number; workflows: number }): void;
}

/** Folds what was counted. */
export interface FoldLedger {
  /** Folds at most `limit` counted changes into the counters' cells; answers how many, or -1 while somebody else folds. */
  fold(limit: number): Promise<number>;
}

/** Proves that the counters are right. */
export interface CountLedger extends FoldLedger {
  /**
   * Recounts everything (of a user, of a workflow) in parts, each in a snapshot of its own and no longer than the database
   * lets a statement take: by users, then by workflows, and by days where one alone is too large.
   */
  findDrift(scope?: CountingScope, options?: DriftOptions): Promise<CounterDrift[]>;
  /** Sets right what `findDrift` finds, in the same parts; answers how many numbers that were. */
  repairDrift(scope?: CountingScope, options?: DriftOptions): Promise<number>;
}
