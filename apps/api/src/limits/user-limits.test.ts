import { isExecutionError } from '@runledger/contracts';
import { expect, test } from 'vitest';
import { createMemoryStore } from './rate-store.ts';
import { createUserLimits } from './user-limits.ts';

const NONE = { requestsPerMinute: null, writesPerMinute: null, storedBytesPerDay: null, streams: null };
const limited = (options: Partial<typeof NONE | Record<keyof typeof NONE, number>>) =>
  createUserLimits({ ...NONE, ...options }, createMemoryStore());

test('a user has so many streams open at a time, and closing one twice makes room for one', () => {
  const limits = limited({ streams: 2 });
  const [first] = [limits.openStream('anna'), limits.openStream('anna')];
  const open = () => limits.openStream('anna');
  expect(open).toThrow('You may have 2 subscriptions open at a time; close one first.');
  limits.openStream('ben');
  first?.();
  first?.();
  open();
  expect(open).toThrow(expect.objectContaining({ code: 'rate_limited' }));
  try {
    open();
  } catch (error) {
    expect(isExecutionError(error) && error.limit).toEqual({
      name: 'streams',
      limit: 2,
      windowMs: null,
      retryAfterMs: null,
    });
  }
});

test('whoever was refused is known to be until their window ends, and nobody else is', async () => {
  const limits = limited({ writesPerMinute: 1, storedBytesPerDay: 1_000 });
  await limits.take('writes', 'anna');
  expect(limits.refusal('writes', 'anna')).toBeNull();
  await expect(limits.take('writes', 'anna')).rejects.toMatchObject({ code: 'rate_limited' });
  const refusal = limits.refusal('writes', 'anna');
  expect(refusal).toMatchObject({ code: 'rate_limited', limit: { name: 'writes', limit: 1, windowMs: 60_000 } });
  expect(refusal?.limit?.retryAfterMs).toBeLessThanOrEqual(60_000);
  expect([limits.refusal('requests', 'anna'), limits.refusal('writes', 'ben')]).toEqual([null, null]);
});

test('what is not limited is never refused', async () => {
  const limits = limited({});
  for (let call = 0; call < 50; call += 1) await limits.take('requests', 'anna');
  await limits.take('storedBytes', 'anna', 1e15);
  for (let stream = 0; stream < 50; stream += 1) limits.openStream('anna');
});

test('what did not fit is not counted, so that something smaller fits', async () => {
  const limits = limited({ storedBytesPerDay: 10_000 });
  await limits.take('storedBytes', 'anna', 6_000);
  for (let attempt = 0; attempt < 3; attempt += 1)
    await expect(limits.take('storedBytes', 'anna', 5_000)).rejects.toMatchObject({ code: 'rate_limited' });
  await limits.take('storedBytes', 'anna', 4_000);
  await expect(limits.take('storedBytes', 'anna', 1)).rejects.toMatchObject({ code: 'rate_limited' });
});
