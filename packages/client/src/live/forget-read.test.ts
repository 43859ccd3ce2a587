import { dehydrate, hydrate, QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { forgetRead } from './forget-read.ts';

const shown = [['execution', 'listExecutions'], { input: {}, type: 'infinite' }];
const hidden = [['workflow', 'list'], { type: 'query' }];
const own = ['notes'];

test('what was read of the API is forgotten, what is shown is read anew, and what else a page has stays', async () => {
  const server = new QueryClient();
  for (const queryKey of [shown, hidden, own]) server.setQueryData(queryKey, 'anna’s');
  const page = new QueryClient();
  hydrate(page, dehydrate(server));
  const answer = Promise.withResolvers<string>();
  const observer = new QueryObserver(page, { queryKey: shown, queryFn: () => answer.promise, staleTime: 60_000 });
  const stop = observer.subscribe(() => {});
  expect(observer.getCurrentResult().data).toBe('anna’s');
  forgetRead(page);
  expect([shown, hidden, own].map((queryKey) => page.getQueryData(queryKey))).toEqual([undefined, undefined, 'anna’s']);
  expect(observer.getCurrentResult()).toMatchObject({ data: undefined, status: 'pending' });
  answer.resolve('ben’s');
  await expect.poll(() => observer.getCurrentResult().data).toBe('ben’s');
  stop();
});

test('an answer that was on its way is not kept', async () => {
  const page = new QueryClient();
  const answers: ((whose: string) => void)[] = [];
  const queryFn = () => new Promise<string>((resolve) => answers.push(resolve));
  const observer = new QueryObserver(page, { queryKey: shown, queryFn });
  const stop = observer.subscribe(() => {});
  await expect.poll(() => answers.length).toBe(1);
  forgetRead(page);
  await expect.poll(() => answers.length).toBe(2);
  answers[0]?.('anna’s');
  answers[1]?.('ben’s');
  await expect.poll(() => observer.getCurrentResult().data).toBe('ben’s');
  stop();
});
