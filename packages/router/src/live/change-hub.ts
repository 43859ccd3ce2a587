import type { ChangeLedger, ExecutionChange } from '@runledger/contracts';
import type { Log } from '../context.ts';
import type { EventIds } from './change-cursor.ts';
import { isBeyond } from './change-cursor.ts';

/** Changes read in one call. */
const PAGE = 1_000;
/** Pages that are read for a subscriber who comes back; whoever missed more is better off with a new snapshot. */
const PAGES_MISSED = 5;
/**
 * Most executions whose changes one subscriber is told at once. Each hundred is two requests of the ledger, a snapshot is one
 * for all, and how much somebody has missed is theirs to say.
 */
const TOLD = 500;
/** Longest pause after a call that failed, in milliseconds. */
const LONGEST_PAUSE_MS = 5_000;

export interface ChangeHubOptions {
  ledger: ChangeLedger;
  /** How often changes are read while anybody subscribes, in milliseconds. */
  tickMs: number;
  /** Of those who come back. */
  ids: EventIds;
  log: Log;
}

export interface FollowRequest {
  /** Whose executions; `null`: everybody's. */
  userId: string | null;
  /** The id of the last event that was seen; `null`: none yet. */
  lastEventId: string | null;
  signal: AbortSignal;
  /** Reads what was missed since that event when its subscriber's turn comes. Default: at once. */
  inTurn?: <T>(read: () => Promise<T>) => Promise<T>;
}

/** What happened since the batch before. */
export interface ChangeBatch {
  /** The newest change of each execution. */
  changes: ExecutionChange[];
  /** Told up to here. */
  cursor: string;
  /** A reader has to read everything anew: nothing is known of what changed before, or too much did. */
  isReset: boolean;
}

export interface ChangeHub {
  /**
   * A batch at once, then one whenever something changed. No change is left out: what commits while a subscriber comes, or
   * comes back, is in the first batch or in the next. Ends when the signal is aborted.
   */
  follow(request: FollowRequest): AsyncGenerator<ChangeBatch, void>;
}

interface Subscriber {
  waiting: Map<string, ExecutionChange>;
  /** More changed than is kept for one subscriber. */
  hasOverflowed: boolean;
  wake: () => void;
}

/** Reads the ledger's changes once a tick for all subscribers of a process, and not at all while there are none. */
export function createChangeHub({ ledger, tickMs, ids, log }: ChangeHubOptions): ChangeHub {
  const subscribers = new Map<string | null, Set<Subscriber>>();
  /** Every change up to here was handed out; `null` while nobody subscribes. */
  let at: string | null = null;
  let starting: Promise<string> | null = null;

  function* everybody(): Generator<Subscriber> {
    for (const group of subscribers.values()) yield* group;
  }

  /** Synchronous: whoever looks sees the position and all that was handed out up to it. */
  function hand(page: { changes: readonly ExecutionChange[]; cursor: string }): void {
    // The database is another one: nothing that was known of it holds.
    const isOther = at !== null && isBeyond(at, page.cursor);
    at = page.cursor;
    for (const change of page.changes)
      for (const subscriber of [...(subscribers.get(change.userId) ?? []), ...(subscribers.get(null) ?? [])]) {
        if (subscriber.waiting.size < TOLD) subscriber.waiting.set(change.executionId, change);
        else subscriber.hasOverflowed = true;
        subscriber.wake();
      }
    if (!isOther) return;
    for (const subscriber of everybody()) {
      subscriber.hasOverflowed = true;
      subscriber.wake();
    }
  }

  async function run(): Promise<void> {
    let failures = 0;
    let isBehind = false;
    let askedAt = performance.now();
    while (subscribers.size > 0) {
      // From one call to the next; half of it at least, for a ledger that is slow.
      const everyMs = Math.min(LONGEST_PAUSE_MS, tickMs * 2 ** failures);
      if (!isBehind) await pause(Math.max(everyMs / 2, askedAt + everyMs - performance.now()));
      askedAt = performance.now();
      try {
        const page = await ledger.changesSince(at, PAGE);
        hand(page);
        isBehind = page.changes.length >= PAGE;
        failures = 0;
      } catch (error) {
        if (failures === 0) log.warn({ err: error }, 'changes cannot be read; subscribers wait');
        failures = Math.min(failures + 1, 10);
        isBehind = false;
      }
    }
    at = null;
  }

  /** The position, read from the ledger by the first who subscribes. */
  async function start(): Promise<string> {
    if (at !== null) return at;
    starting ??= ledger
      .changesSince(null, PAGE)
      .then((page) => {
        at = page.cursor;
        void run();
        return page.cursor;
      })
      .finally(() => {
        starting = null;
      });
    return starting;
  }

  function add(userId: string | null): Subscriber {
    const subscriber: Subscriber = { waiting: new Map(), hasOverflowed: false, wake: () => {} };
    const group = subscribers.get(userId) ?? new Set();
    subscribers.set(userId, group.add(subscriber));
    return subscriber;
  }

  function remove(userId: string | null, subscriber: Subscriber): void {
    const group = subscribers.get(userId);
    group?.delete(subscriber);
    if (group?.size === 0) subscribers.delete(userId);
  }

  /** What a subscriber has missed since an event, up to where the hub is or beyond; `null`: that is no longer known. */
  async function missed(
    { userId, inTurn = (read) => read() }: Pick<FollowRequest, 'userId' | 'inTurn'>,
    lastEventId: string,
    until: string,
  ): Promise<ChangeBatch | null> {
    let cursor = ids.cursorOf(lastEventId);
    const changes = new Map<string, ExecutionChange>();
    for (let page = 0; cursor !== null && page < PAGES_MISSED; page += 1) {
      const since = cursor;
      const next = await inTurn(() => ledger.changesSince(since, PAGE));
      if (isBeyond(cursor, next.cursor)) return null;
      for (const change of next.changes)
        if (userId === null || change.userId === userId) changes.set(change.executionId, change);
      if (changes.size > TOLD) return null;
      cursor = next.cursor;
      if (!isBeyond(until, cursor)) return { changes: [...changes.values()], cursor, isReset: false };
    }
    return null;
  }

  /** What waits for a subscriber; `null` once they are gone. */
  async function next(subscriber: Subscriber, signal: AbortSignal): Promise<ChangeBatch | null> {
    if (subscriber.waiting.size === 0 && !subscriber.hasOverflowed)
      await new Promise<void>((resolve) => {
        subscriber.wake = resolve;
      });
    if (signal.aborted) return null;
    const changes = subscriber.hasOverflowed ? [] : [...subscriber.waiting.values()];
    const batch = { changes, cursor: at ?? '0', isReset: subscriber.hasOverflowed };
    subscriber.waiting.clear();
    subscriber.hasOverflowed = false;
    return batch;
  }

  return {
    async *follow({ userId, lastEventId, signal, inTurn }) {
      if (signal.aborted) return;
      // Before anything is read, so that what commits meanwhile waits here.
      const subscriber = add(userId);
      const leave = () => {
        remove(userId, subscriber);
        subscriber.wake();
      };
      // A generator that nobody asks any more does not come to its end.
      signal.addEventListener('abort', leave, { once: true });
      try {
        const cursor = await start();
        const sinceLast =
          lastEventId === null ? null : await missed({ userId, ...(inTurn ? { inTurn } : {}) }, lastEventId, cursor);
        yield sinceLast ?? { changes: [], cursor, isReset: true };
        while (!signal.aborted) {
          const batch = await next(subscriber, signal);
          if (batch === null) return;
          yield batch;
        }
      } finally {
        signal.removeEventListener('abort', leave);
        leave();
      }
    },
  };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
