/** After how long what goes, in milliseconds since the end; what is left out stays. Each at least a minute. */
export interface RetentionPolicy {
  /** Input, output and state snapshot. The execution then has the `outputNote` `pruned`. */
  payloadsMs?: number;
  timelinesMs?: number;
  /** The executions themselves, with all they own. Counters and statistics keep them. */
  rowsMs?: number;
}

/** How many executions have it, and how many of these lose it. */
export interface PrunedPart {
  before: number;
  due: number;
}

export interface RetentionReport {
  /** Executions looked at. */
  examined: number;
  /** Old enough, but kept: what they ended as is not settled yet, and the monitor follows them. */
  unsettled: number;
  /** Those that go with their row are counted too. */
  payloads: PrunedPart;
  timelines: PrunedPart;
  rows: PrunedPart;
}

/** Removes what is older than a policy lets it be, of executions that ended and are settled. Needs the service role. */
export interface RetentionService {
  /**
   * Walks all executions in batches, each in a transaction of its own. An interrupted run is begun anew and finds what is
   * left. @throws ExecutionError `invalid_input`; `conflict` while another one is under way, of which nothing was heard for a
   *   minute at most
   */
  prune(
    policy: RetentionPolicy,
    how?: {
      /** Only counts. */
      dryRun?: boolean;
      /** Executions looked at in a batch, 1 to 20,000. Default 5,000. */
      batch?: number;
      onProgress?(report: RetentionReport): void;
    },
  ): Promise<RetentionReport>;
}
