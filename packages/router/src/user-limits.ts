import type { LimitName } from '@runledger/contracts';

/** What a call takes of a user's limits before it does anything. */
export type TakenLimit = Extract<LimitName, 'requests' | 'writes' | 'storedBytes'>;

/** Limits of what each user may ask for. Whoever hosts the router injects them; without them nothing is limited. */
export interface UserLimits {
  /**
   * Takes `amount` (default 1) from a user's limit.
   * @throws ExecutionError `rate_limited` where less is left
   */
  take(name: TakenLimit, userId: string, amount?: number): Promise<void>;
  /**
   * Takes a place for a subscription, until the function that it returns is called.
   * @throws ExecutionError `rate_limited` where as many as a user may have are open
   */
  openStream(userId: string): () => void;
  /** Runs a query or a mutation once the user has a place for it among those under way. Default: at once. */
  inTurn?<T>(userId: string, call: () => Promise<T>): Promise<T>;
}
