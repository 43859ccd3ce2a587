import type { Failure } from '@runledger/contracts';
import { causesOf } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { boundedStepFailure } from './step-failure.ts';

const chain = (length: number, size: number): Failure => {
  let failure: Failure = { type: 'RootError', message: `root ${'r'.repeat(size)}`, stack: 's'.repeat(size) };
  for (let depth = 1; depth < length; depth += 1)
    failure = { type: null, message: `${depth} ${'m'.repeat(size)}`, cause: failure };
  return failure;
};

describe('the failure of a step', () => {
  test('gives up its stacks, then its middle causes, and keeps the root and what it left out', () => {
    const bounded = boundedStepFailure(chain(10, 9_000));
    const kept = causesOf(bounded, ({ cause }) => cause);
    expect(kept[0]?.message).toMatch(/^9 m/);
    expect(kept.at(-1)).toMatchObject({ type: 'RootError' });
    expect(kept.at(-1)).not.toHaveProperty('stack');
    const omitted = kept.reduce((sum, { omittedCauses = 0 }) => sum + omittedCauses, 0);
    expect(kept.length + omitted).toBe(10);
    expect(omitted).toBeGreaterThan(0);
    expect(Buffer.byteLength(JSON.stringify(bounded))).toBeLessThanOrEqual(32_000);
  });

  test('that fits is whole', () => {
    const failure = chain(3, 100);
    expect(boundedStepFailure(failure)).toMatchObject({
      message: failure.message,
      cause: { cause: { stack: 's'.repeat(100) } },
    });
  });
});
