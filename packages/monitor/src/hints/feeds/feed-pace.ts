import type { Logger } from 'pino';
import type { FeedName, Telemetry } from '../../telemetry/telemetry.ts';

/** Slowest pace of a feed that Temporal throttles, in milliseconds. */
const SLOWEST_MS = 30_000;

export interface FeedPaceOptions {
  feed: FeedName;
  logger: Logger;
  telemetry: Pick<Telemetry, 'throttled'>;
}

/**
 * How often a feed reads: every `wanted` milliseconds, half as often after each refusal by Temporal's rate limit, and
 * twice as often again after each turn that went well.
 */
export function createFeedPace({ feed, logger, telemetry }: FeedPaceOptions) {
  let slowness = 1;
  let throttledSince: string | null = null;

  return {
    /** To be called after a turn that went well; answers when the next one is due. */
    after(wantedMs: number): number {
      if (slowness > 1) {
        slowness /= 2;
        if (slowness === 1) {
          logger.info({ feed, throttledSince }, 'Temporal takes calls at the usual rate again');
          throttledSince = null;
        }
      }
      return Math.min(wantedMs * slowness, SLOWEST_MS);
    },
    /** To be called after a turn that Temporal refused; answers when to try again. */
    afterRefusal(wantedMs: number): number {
      telemetry.throttled(feed);
      if (throttledSince === null) {
        throttledSince = new Date().toISOString();
        logger.warn({ feed }, 'Temporal limits the rate of calls; the feed slows down');
      }
      if (wantedMs * slowness < SLOWEST_MS) slowness *= 2;
      return Math.min(wantedMs * slowness, SLOWEST_MS);
    },
    get throttledSince() {
      return throttledSince;
    },
  };
}
