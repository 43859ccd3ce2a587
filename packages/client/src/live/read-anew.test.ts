import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, expect, test } from 'vitest';
import { readAnew } from './read-anew.ts';

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
