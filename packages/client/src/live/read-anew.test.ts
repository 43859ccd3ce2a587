import { InfiniteQueryObserver, QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, expect, test } from 'vitest';
import { FOLLOWS_CHANGES, readAllAnew, readAnew } from './read-anew.ts';

const queryKey = ['total'];
const unsubscribes: (() => void)[] = [];
afterEach(() => {
  for (const unsubscribe of unsubscribes.splice(0)) unsubscribe();
});

/** A page that shows a query, whose answers are given one by one. */
function page() {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const answers: ((total: number) => void)[] = [];
  const failures: ((error: Error) => void)[] = [];
  const shown: (number | undefined)[] = [];
  const queryFn = () =>
    new Promise<number>((resolve, reject) => {
      answers.push(resolve);
      failures.push(reject);
    });
  const observer = new QueryObserver(queries, { queryKey, queryFn });
  unsubscribes.push(observer.subscribe(({ data }) => data !== shown.at(-1) && shown.push(data)));
  const asked = (times: number) => expect.poll(() => answers.length).toBe(times);
  return { queries, answers, failures, shown, asked };
}

/** Whatever is due has been done. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

test('a change during the first reading, which looked before it, is read after it', async () => {
  const { queries, answers, shown, asked } = page();
  await asked(1);
  void readAnew(queries, queryKey);
  answers[0]?.(1);
  await asked(2);
  answers[1]?.(2);
  await expect.poll(() => shown).toEqual([1, 2]);
});

test('a first reading that fails is followed by another too', async () => {
  const { queries, answers, failures, shown, asked } = page();
  await asked(1);
  void readAnew(queries, queryKey);
  failures[0]?.(new Error('the server was away'));
  await asked(2);
  answers[1]?.(2);
  await expect.poll(() => shown.at(-1)).toBe(2);
});

test('changes that come faster than answers do not keep them from being shown, and are read once more together', async () => {
  const { queries, answers, shown, asked } = page();
  await asked(1);
  answers[0]?.(1);
  await expect.poll(() => shown).toEqual([1]);
  void readAnew(queries, queryKey);
  await asked(2);
  for (let change = 0; change < 3; change += 1) void readAnew(queries, queryKey);
  await settled();
  expect(answers).toHaveLength(2);
  answers[1]?.(2);
  await asked(3);
  answers[2]?.(5);
  await expect.poll(() => shown).toEqual([1, 2, 5]);
  await settled();
  expect(answers).toHaveLength(3);
});

test('where older answers must not be shown, one that is under way is given up', async () => {
  const { queries, answers, shown, asked } = page();
  await asked(1);
  answers[0]?.(1);
  await expect.poll(() => shown).toEqual([1]);
  void readAnew(queries, queryKey, { cutOff: true });
  await asked(2);
  void readAnew(queries, queryKey, { cutOff: true });
  await asked(3);
  answers[2]?.(3);
  answers[1]?.(2);
  await expect.poll(() => shown).toEqual([1, 3]);
  await settled();
  expect(shown).toEqual([1, 3]);
});

/** A page that shows two counts, one of which it has not read so far, and a list that follows what changes. */
function busyPage() {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const answers: Record<string, ((value: number) => void)[]> = {};
  const queryFn = ({ queryKey }: { queryKey: readonly unknown[] }) =>
    new Promise<number>((resolve) => {
      const [path] = queryKey as [string[]];
      answers[path.at(-1) as string] = [...(answers[path.at(-1) as string] ?? []), resolve];
    });
  const shown = (key: string, router = 'execution') => {
    const observer = new QueryObserver(queries, { queryKey: [[router, key]], queryFn });
    unsubscribes.push(observer.subscribe(() => {}));
    return () => observer.getCurrentResult().data;
  };
  const stats = shown('getStats');
  const requests = shown('getRequests');
  shown('weather', 'of the host');
  const list = new InfiniteQueryObserver(queries, {
    ...{ queryKey: [['execution', 'listExecutions'], { type: 'infinite' }], queryFn, meta: FOLLOWS_CHANGES },
    ...{ initialPageParam: null, getNextPageParam: () => null },
  });
  unsubscribes.push(list.subscribe(() => {}));
  const asked = () => Object.fromEntries(Object.entries(answers).map(([key, given]) => [key, given.length]));
  return { queries, answers, stats, requests, asked };
}

test.each([
  ['stays as it is while it is told what changes', true, 1],
  ['is read too where nobody tells it', false, 2],
])(
  'after an action nothing that is shown is older than it, whatever was being read; a list that follows changes %s',
  async (_, isTold, lists) => {
    const { queries, answers, stats, requests, asked } = busyPage();
    await expect.poll(asked).toEqual({ getStats: 1, getRequests: 1, weather: 1, listExecutions: 1 });
    for (const key of ['getStats', 'listExecutions']) answers[key]?.[0]?.(1);
    await expect.poll(stats).toBe(1);
    // Of the count a second reading is under way, of the requests the first.
    void queries.invalidateQueries({ queryKey: [['execution', 'getStats']] });
    await expect.poll(asked).toMatchObject({ getStats: 2 });
    readAllAnew(queries, { isTold });
    answers.getRequests?.[0]?.(1);
    await expect.poll(asked).toEqual({ getStats: 3, getRequests: 2, weather: 1, listExecutions: lists });
    answers.getStats?.[2]?.(3);
    answers.getStats?.[1]?.(2);
    answers.getRequests?.[1]?.(2);
    await expect.poll(() => [stats(), requests()]).toEqual([3, 2]);
    await settled();
    expect(stats()).toBe(3);
  },
);
