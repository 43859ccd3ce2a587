import pMap from 'p-map';

/**
 * Runs `work` over all items, at most `limit` at once. The first error stops what has not begun, and is thrown once nothing
 * runs any more: the turn after it never meets what this one still has under way.
 */
export async function inParallel<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const errors: unknown[] = [];
  const unlessFailed = async (item: T) => {
    if (errors.length > 0) return;
    await work(item).catch((error: unknown) => errors.push(error));
  };
  await pMap(items, unlessFailed, { concurrency: limit });
  if (errors.length > 0) throw errors[0];
}
