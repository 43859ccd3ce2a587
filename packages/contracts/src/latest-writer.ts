/** Writes the latest value of each key, at most one in a while. */
export interface LatestWriter<Value, Result> {
  /**
   * Writes at once, or at the end of the while that the write before began: merged with what waits there for the same key,
   * whose promises then settle with it. The latest always arrives, unless writing it fails.
   */
  write(key: string, value: Value): Promise<Result>;
}

interface Waiting<Value, Result> {
  value: Value;
  promise: Promise<Result>;
  resolve(result: Promise<Result>): void;
}

interface LatestWriterOptions<Value, Result> {
  send(value: Value): Promise<Result>;
  /** What of both is written where a newer one comes while an older one waits. */
  merge(older: Value, newer: Value): Value;
  /** Between two writes of a key, in milliseconds. Default 1,000. */
  everyMs?: number;
}

export function createLatestWriter<Value, Result>({
  send,
  merge,
  everyMs = 1_000,
}: LatestWriterOptions<Value, Result>): LatestWriter<Value, Result> {
  /** What waits for each key that was written just now. */
  const lanes = new Map<string, Waiting<Value, Result> | null>();

  function begin(key: string, value: Value): Promise<Result> {
    lanes.set(key, null);
    const sent = send(value);
    const next = () => {
      const waiting = lanes.get(key);
      if (waiting) waiting.resolve(begin(key, waiting.value));
      else lanes.delete(key);
    };
    // Not before the write is over: two of one key are never under way at once.
    const pause = () => setTimeout(next, everyMs);
    sent.then(pause, pause);
    return sent;
  }

  return {
    write(key, value) {
      const waiting = lanes.get(key);
      if (waiting === undefined) return begin(key, value);
      if (waiting !== null) {
        waiting.value = merge(waiting.value, value);
        return waiting.promise;
      }
      let resolve: Waiting<Value, Result>['resolve'] = () => {};
      const promise = new Promise<Result>((settle) => {
        resolve = settle;
      });
      lanes.set(key, { value, promise, resolve });
      return promise;
    },
  };
}
