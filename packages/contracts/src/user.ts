/** What one turn of the sync with the host's own users did. */
export interface UserSync {
  /** The table or view that users come from; `null`: none is followed. */
  source: string | null;
  /** It is followed, and not there any more. */
  isMissing: boolean;
  /** Why it cannot be followed as it is now, as a sentence: it is gone, was changed, hides rows, or lacks most of its rows. */
  problem: string | null;
  added: number;
  /** Users whom the source has no more; what is theirs is deleted by `settleUsers` once the grace is over. */
  left: number;
  /** Both ends were reached: the next turn begins anew. */
  done: boolean;
}

/** One batch of what is due to a user who has left, or whose id has changed. */
export interface UserBatch {
  /** `null`: nobody is due. */
  user: string | null;
  /** Executions that were deleted or moved, with those of `others`. */
  executions: number;
  /** Of these, executions of other users in this user's workflows. */
  others: number;
  /** Whatever was deleted or moved, counted by rows; 0: somebody holds what is left, and it is tried again. */
  rows: number;
  /** Nothing of this user is left, and neither is the user. */
  done: boolean;
}

/** What forgetting a user deletes. Counts of executions stop at a million. */
export interface UserHoldings {
  user: string;
  /** Since when they have left; `null`: they have not. */
  leftAt: string | null;
  executions: number;
  /** Of these, still running. */
  open: number;
  /** Executions of other users in this user's workflows. */
  others: number;
  workflows: number;
  /** Executions of theirs that were pruned, and are only counted. */
  pruned: number;
}
