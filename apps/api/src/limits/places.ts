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

/** Runs work once its user has the places for it. @throws ExecutionError `rate_limited` where its caller has gone meanwhile */
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
export function createPlaces(most: number | null): TakePlaces {
  return most === null ? (_userId, _asked, work) => work() : limitedTo(most);
}

function limitedTo(most: number): TakePlaces {
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
          signal?.removeEventListener('abort', leave);
          resolve(of);
        },
      };
      const leave = () => {
        of.waiting.delete(wait);
        letIn(userId, of);
        const givenUp = 'The request was given up while it waited for others of the same user.';
        reject(new ExecutionError('rate_limited', givenUp));
      };
      if (signal?.aborted) return leave();
      if (of.waiting.size === 0 && of.taken + places <= most) {
        of.taken += places;
        return resolve(of);
      }
      signal?.addEventListener('abort', leave, { once: true });
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
