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
export function createPlaces(most: number | null, longestWaitMs = LONGEST_WAIT_MS): TakePlaces {
  return most === null ? (_userId, _asked, work) => work() : limitedTo(most, longestWaitMs);
}

function limitedTo(most: number, longestWaitMs: number): TakePlaces {
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
          stopWaiting();
          resolve(of);
        },
      };
      const leave = (why: string) => {
        stopWaiting();
        of.waiting.delete(wait);
        letIn(userId, of);
        reject(new ExecutionError('rate_limited', why));
      };
      const leaveAsGone = () => leave('The request was given up while it waited for others of the same user.');
      let timer: ReturnType<typeof setTimeout> | undefined;
      const stopWaiting = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', leaveAsGone);
      };
      if (signal?.aborted) return leaveAsGone();
      if (of.waiting.size === 0 && of.taken + places <= most) {
        of.taken += places;
        return resolve(of);
      }
      signal?.addEventListener('abort', leaveAsGone, { once: true });
      timer = setTimeout(() => leave(tooLong(longestWaitMs)), longestWaitMs);
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

const tooLong = (ms: number) =>
  `It waited ${ms / 1_000} s for what else you asked for, which is slow to be answered; try again in a moment, with less at a time.`;
