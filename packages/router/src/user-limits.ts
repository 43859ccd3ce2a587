import type { LimitName } from '@runledger/contracts';

/** What a call takes of a user's limits before it does anything. */
export type TakenLimit = Extract<LimitName, 'requests' | 'writes' | 'storedBytes'>;

/** What waits until its user has places for it. */
interface Turn {
  /**
   * A request over HTTP, a call in it, or what that reads of the ledger. They wait apart, so that nothing waits for places which
   * it holds itself.
   */
  of: 'requests' | 'calls' | 'reads';
  /** How many it takes of those that its user has, and has not taken yet: more where it costs others more. */
  places: number;
  /** Of a request's body, which take time to be read. Default: none. */
  bytes?: number;
  /** Aborted when nobody waits for it any more. */
  signal?: AbortSignal | undefined;
}

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
  /**
   * Runs work of a user once they have the places for it. Default: at once.
   * @throws ExecutionError `rate_limited` where its caller has gone before that
   */
  inTurn?<T>(userId: string, turn: Turn, work: () => Promise<T>): Promise<T>;
}
