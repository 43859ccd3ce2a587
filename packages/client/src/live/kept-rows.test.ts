import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { forgetRead } from './forget-read.ts';
import { keptRows } from './kept-rows.ts';

const keyOf = (filter: string) => [['execution', 'listExecutions'], { input: { filter }, type: 'infinite' }];

test('rows of the filter before stay until its own have come, unless they were forgotten as another user’s', async () => {
  const queries = new QueryClient();
  const answers: ((whose: string) => void)[] = [];
  const draw = (filter: string) => ({
    queryKey: keyOf(filter),
    queryFn: () => new Promise<string>((resolve) => answers.push(resolve)),
    placeholderData: keptRows(queries),
  });
  const observer = new QueryObserver<string>(queries, draw('running'));
  const stop = observer.subscribe(() => {});
  await expect.poll(() => answers.length).toBe(1);
  answers[0]?.('anna’s, running');
  await expect.poll(() => observer.getCurrentResult().data).toBe('anna’s, running');
  observer.setOptions(draw('failed'));
  expect(observer.getCurrentResult()).toMatchObject({ data: 'anna’s, running', isPlaceholderData: true });
  forgetRead(queries);
  observer.setOptions(draw('failed'));
  expect(observer.getCurrentResult().data).toBeUndefined();
  await expect.poll(() => answers.length).toBe(3);
  answers[2]?.('ben’s, failed');
  await expect.poll(() => observer.getCurrentResult().data).toBe('ben’s, failed');
  stop();
});
