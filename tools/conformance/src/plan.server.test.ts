import { expect, test } from 'vitest';
import { FAULTS } from './faults/faults.ts';
import { KINDS } from './kinds/kinds.ts';
import { makePlan } from './plan.ts';

const plan = (seed: number, executions: number, faults: number) => {
  const made = makePlan({ seed, executions, faults, kinds: KINDS, possibleFaults: FAULTS });
  return {
    executions: made.executions.map(({ kind, ...rest }) => ({ kind: kind.name, ...rest })),
    faults: made.faults.map(({ name, quietBeforeMs }) => ({ name, quietBeforeMs })),
  };
};

test('the same seed gives the same run, another one another', () => {
  expect(plan(1, 100, 20)).toEqual(plan(1, 100, 20));
  expect(plan(1, 100, 20)).not.toEqual(plan(2, 100, 20));
});

test('more executions of a seed begin with the same ones, and leave its faults as they are', () => {
  const [fewer, more] = [plan(1, 100, 20), plan(1, 120, 20)];
  expect(more.executions.slice(0, 100)).toEqual(fewer.executions);
  expect(more.faults).toEqual(fewer.faults);
});

test('every kind and every fault comes before any comes again', () => {
  const { executions, faults } = plan(3, KINDS.length, FAULTS.length);
  expect(new Set(executions.map(({ kind }) => kind)).size).toBe(KINDS.length);
  expect(new Set(faults.map(({ name }) => name)).size).toBe(FAULTS.length);
});
