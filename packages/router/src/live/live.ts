import type { ChangeLedger } from '@runledger/contracts';
import { ExecutionError, isExecutionError } from '@runledger/contracts';
import type { CallerContext } from '../context.ts';
import { toTRPCError } from '../error-mapping.ts';
import type { Limits } from '../limits.ts';
import type { RowFactsCache } from '../row-facts.ts';
import type { ShareReading } from '../shared-readings.ts';
import { createSharedReadings } from '../shared-readings.ts';
import type { EventIds } from './change-cursor.ts';
import { createEventIds } from './change-cursor.ts';
import type { ChangeHub, FollowRequest } from './change-hub.ts';
import { createChangeHub } from './change-hub.ts';
import { COME_BACK } from './come-back.ts';
import type { Turn } from './turns.ts';
import { createTurns } from './turns.ts';

/** How often the ledger's changes are read while anybody subscribes, in milliseconds. */
const TICK_MS = 250;
/** Places that a page of what was missed takes of its reader's, who chooses how much that is. */
const PAGE_PLACES = 5;
/** Longest time that a timer takes, in milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What subscriptions share. */
export interface Live {
  names: RowFactsCache;
  ids: EventIds;
  /** For what several subscribers read of a batch of changes. */
  shared(ctx: CallerContext): ShareReading;
  /** When a subscriber may be told of many rows. */
  turn(ctx: CallerContext): Turn;
  /** What changes, as `ChangeHub.follow` tells it; what somebody missed is read in their turn. */
  follow(ctx: CallerContext, request: Omit<FollowRequest, 'inTurn'>): ReturnType<ChangeHub['follow']>;
  /**
   * Runs a watch until its caller goes, their token expires, or it has been open for `streamMs`. In the last two cases it fails, so
   * that the client comes back, with a new token where that is needed; a watch that returns is over.
   */
  stream<T>(
    request: { ctx: CallerContext; signal: AbortSignal | undefined },
    watch: (signal: AbortSignal) => AsyncIterable<T>,
  ): AsyncGenerator<T, void>;
}

/**
 * @param limits.streamMs Whoever hosts the router in their own has no other bound: it is theirs to set in tRPC.
 * @param eventKey Seals the ids of events.
 */
export function createLive(
  names: RowFactsCache,
  { streamMs }: Pick<Limits, 'streamMs'>,
  eventKey: Uint8Array | undefined,
): Live {
  const ids = createEventIds(eventKey);
  // A host may serve several projects with one router.
  const ofLedgers = new WeakMap<ChangeLedger, { hub: ChangeHub; shared: ShareReading; turn: Turn }>();
  const of = ({ ledger, log }: CallerContext) => {
    const known = ofLedgers.get(ledger);
    if (known) return known;
    const hub = createChangeHub({ ledger, tickMs: TICK_MS, ids, log });
    const made = { hub, shared: createSharedReadings(), turn: createTurns() };
    ofLedgers.set(ledger, made);
    return made;
  };
  return {
    names,
    ids,
    shared: (ctx) => of(ctx).shared,
    turn: (ctx) => of(ctx).turn,
    follow(ctx, request) {
      const { limits, caller } = ctx;
      const turn = { of: 'reads', places: PAGE_PLACES, signal: request.signal } as const;
      const inTurn = <T>(read: () => Promise<T>) =>
        limits?.inTurn ? limits.inTurn(caller.userId, turn, read) : read();
      return of(ctx).hub.follow({ ...request, inTurn });
    },
    async *stream({ ctx, signal }, watch) {
      const leftMs = Math.max(0, (ctx.caller.expiresAt ?? Number.POSITIVE_INFINITY) - Date.now());
      const over = AbortSignal.timeout(Math.min(leftMs, streamMs, LONGEST_TIMER_MS));
      const until = AbortSignal.any([over, ...(signal ? [signal] : []), ...(ctx.gone ? [ctx.gone] : [])]);
      let close: (() => void) | undefined;
      try {
        close = ctx.limits?.openStream(ctx.caller.userId);
        // A generator that nobody asks any more does not come to its end.
        if (close) until.addEventListener('abort', close, { once: true });
        yield* watch(until);
      } catch (error) {
        throw isExecutionError(error) ? toTRPCError(error) : error;
      } finally {
        close?.();
      }
      if (!over.aborted) return;
      if (leftMs > streamMs) throw COME_BACK;
      throw toTRPCError(new ExecutionError('unauthenticated', 'The token has expired; come back with a new one.'));
    },
  };
}
