import { ExecutionError } from '@runledger/contracts';
import { expect, test } from 'vitest';
import { createShrinkingBatch } from './shrinking-batch.ts';

const slowAbove = (limit: number, asked: number[]) => async (size: number) => {
  asked.push(size);
  if (size > limit) throw new ExecutionError('took_too_long', 'cancelled');
  return size;
};

test('a part that takes too long is tried at half its size, and quick ones grow again', async () => {
  const asked: number[] = [];
  const batch = createShrinkingBatch(1_000);
  expect(await batch.run(slowAbove(300, asked))).toBe(250);
  expect(asked).toEqual([1_000, 500, 250]);
  expect(await batch.run(slowAbove(1_000, asked))).toBe(500);
  expect(await batch.run(slowAbove(1_000, asked))).toBe(1_000);
});

test('what is too long at the smallest size, and any other error, is thrown', async () => {
  await expect(createShrinkingBatch(8).run(slowAbove(0, []))).rejects.toMatchObject({ code: 'took_too_long' });
  const asked: number[] = [];
  const refuse = async (size: number) => {
    asked.push(size);
    throw new ExecutionError('conflict', 'another one');
  };
  await expect(createShrinkingBatch(8).run(refuse)).rejects.toMatchObject({ code: 'conflict' });
  expect(asked).toEqual([8]);
});
