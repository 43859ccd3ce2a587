import { ExecutionError } from '@runledger/contracts';

interface Wait {
  places: number;
  begin: () => void;
}

interface Places {
  taken: number;
  /** In the order in which they came. */
  waiting: Set<Wait>;
}

/** How long something waits for places, in milliseconds: whoever is before it may wait for a database that does not answer. */
const LONGEST_WAIT_MS = 20_000;

/** How a wait for places ended: what waited began, its caller had gone, or it took too long. */
export type WaitEnd = 'began' | 'gone' | 'too_long';
/** Told when something begins to wait; what it returns is told how that ended. */
export type OnWait = () => (end: WaitEnd) => void;

export interface PlacesOptions {
  /** In milliseconds. Default: 20,000. */
  longestWaitMs?: number | undefined;
  onWait?: OnWait | undefined;
}

/** Runs work once its user has the places for it. @throws ExecutionError `rate_limited` where its caller has gone, or that takes too long */
export type TakePlaces = <T>(
  userId: string,
  asked: { places: number; signal?: AbortSignal | undefined },
  work: () => Promise<T>,
) => Promise<T>;

/**
 * Gives each user `most` places, of which work takes as many as it costs; further work of theirs waits, in its order. Whoever
 * sends a thousand at once has others wait for what is under way, not for all. What waits for a caller who has gone is never
 * done. How much waits is bounded by the requests of a minute.
 * @param most `null`: as many as come
 */
export function createPlaces(most: number | null, options: PlacesOptions = {}): TakePlaces {
  return most === null ? (_userId, _asked, work) => work() : limitedTo(most, options);
}

function limitedTo(most: number, { longestWaitMs = LONGEST_WAIT_MS, onWait }: PlacesOptions): TakePlaces {
  const users = new Map<string, Places>();

  /** Lets in what fits, and nobody before those who came earlier. */
  function letIn(userId: string, of: Places): void {
    for (const wait of of.waiting) {
      if (of.taken + wait.places > most) break;
      of.waiting.delete(wait);
      of.taken += wait.places;
      wait.begin();
    }
    if (of.taken === 0 && of.waiting.size === 0) users.delete(userId);
  }

  function enter(userId: string, { places, signal }: { places: number; signal: AbortSignal | undefined }) {
    const of = users.get(userId) ?? { taken: 0, waiting: new Set() };
    users.set(userId, of);
    return new Promise<Places>((resolve, reject) => {
      const wait: Wait = {
        places,
        begin() {
          stopWaiting('began');
          resolve(of);
        },
      };
      const leave = (end: Exclude<WaitEnd, 'began'>) => {
        stopWaiting(end);
        of.waiting.delete(wait);
        letIn(userId, of);
        reject(end === 'gone' ? givenUp() : tooLong(longestWaitMs));
      };
      const leaveAsGone = () => leave('gone');
      let timer: ReturnType<typeof setTimeout> | undefined;
      let waited: ReturnType<OnWait> | undefined;
      const stopWaiting = (end: WaitEnd) => {
        waited?.(end);
        clearTimeout(timer);
        signal?.removeEventListener('abort', leaveAsGone);
      };
      if (signal?.aborted) return leaveAsGone();
      if (of.waiting.size === 0 && of.taken + places <= most) {
        of.taken += places;
        return resolve(of);
      }
      signal?.addEventListener('abort', leaveAsGone, { once: true });
      timer = setTimeout(() => leave('too_long'), longestWaitMs);
      waited = onWait?.();
      of.waiting.add(wait);
    });
  }

  return async (userId, asked, work) => {
    const places = Math.min(asked.places, most);
    const of = await enter(userId, { places, signal: asked.signal });
    try {
      return await work();
    } finally {
      of.taken -= places;
      letIn(userId, of);
    }
  };
}

export const givenUp = () =>
  new ExecutionError('rate_limited', 'The request was given up while it waited for others of the same user.');
const tooLong = (ms: number) =>
  new ExecutionError(
    'rate_limited',
    `It waited ${ms / 1_000} s for what else you asked for, which is slow to be answered; try again in a moment, with less at a time.`,
  );
