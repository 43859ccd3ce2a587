/** Answers what `read` does, or what the one of the same key that is under way does: `key` says everything that the answer depends on. */
export type ShareReading = <T>(key: string, read: () => Promise<T>) => Promise<T>;

/** For those who ask the same at the same moment, as all that one user has open does once something has changed. */
export function createSharedReadings(): ShareReading {
  const underWay = new Map<string, Promise<unknown>>();
  return async function share<T>(key: string, read: () => Promise<T>): Promise<T> {
    const others = underWay.get(key) as Promise<T> | undefined;
    if (others) {
      const answer = await others.then(
        (value) => ({ value }),
        // Whoever began it may have gone, which ends it for them alone.
        () => null,
      );
      return answer ? answer.value : read();
    }
    const own = read();
    underWay.set(key, own);
    try {
      return await own;
    } finally {
      underWay.delete(key);
    }
  };
}
