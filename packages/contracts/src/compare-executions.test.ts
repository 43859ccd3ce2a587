import { expect, test } from 'vitest';
import { compareExecutions } from './compare-executions.ts';
import { differingPaths } from './differing-paths.ts';
import type { ExecutionWithWorkflow } from './execution.ts';
import type { Json } from './json.ts';
import type { Step } from './timeline.ts';

const at = (ms: number) => new Date(Date.UTC(2026, 10, 21) + ms).toISOString();
const step = (name: string, ms: number, status: Step['status'] = 'completed'): Step => ({
  ...{ kind: 'activity', name, runId: 'r', status, scheduledAt: at(0), startedAt: at(0), endedAt: at(ms) },
  ...{ attempts: 1, failure: null },
});
const execution = (id: string, input: Json, status: string) =>
  ({ id, input, status, startedAt: at(0), durationMs: 5 }) as unknown as ExecutionWithWorkflow;

test('steps are paired by name and time of asking, the first that differs is named, and input paths without their values', () => {
  const steps = [step('load', 10), step('charge', 30, 'failed'), step('load', 5)];
  const one = { execution: execution('a', { order: { items: [1, 2], secret: 'a' } }, 'failed'), timeline: { steps } };
  const others = [step('load', 20), step('charge', 40), step('ship', 1)];
  const other = {
    execution: execution('b', { order: { items: [1], secret: 'b' } }, 'completed'),
    timeline: { steps: others },
  };
  const compared = compareExecutions(one, other);
  expect(
    compared.steps.map(({ name, index, otherIndex, durationMs, otherDurationMs }) => [
      ...[name, index, otherIndex, durationMs, otherDurationMs],
    ]),
  ).toEqual([
    ['load', 0, 0, 10, 20],
    ['charge', 1, 1, 30, 40],
    ['load', 2, null, 5, null],
    ['ship', null, 2, null, 1],
  ]);
  expect(compared.firstDifference).toBe(1);
  expect(compared.input).toEqual([
    { path: 'order.items[1]', change: 'added' },
    { path: 'order.secret', change: 'changed' },
  ]);
  expect(compareExecutions(one, one)).toMatchObject({ firstDifference: null, input: [], inputIsCut: false });
  expect(compareExecutions(one, null)).toMatchObject({ other: null, steps: [] });
});

test('workflow code that failed and went well later is no difference; code that fails to the end is one', () => {
  const code = (status: Step['status']): Step => ({ ...step('workflow code', 5, status), kind: 'workflow_task' });
  const compared = (...steps: Step[]) =>
    compareExecutions(
      { execution: execution('a', null, 'terminated'), timeline: { steps } },
      { execution: execution('b', null, 'completed'), timeline: { steps: [step('load', 20), code('completed')] } },
    );
  expect(compared(code('completed'), step('load', 10))).toMatchObject({
    firstDifference: null,
    steps: [{ name: 'load', index: 1, otherIndex: 0 }],
  });
  expect(compared(step('load', 10), code('abandoned'))).toMatchObject({ firstDifference: 1, steps: { length: 2 } });
});

test('inputs of any size and depth are compared within bounds', () => {
  const wide = (n: number) => Array.from({ length: 100_000 }, (_, i) => i + n);
  expect(differingPaths(wide(0), wide(1))).toMatchObject({ isCut: true, paths: { length: 50 } });
  expect(differingPaths(wide(0), wide(0)).paths).toEqual([]);
  let deep: Json = 1;
  let other: Json = 2;
  for (let level = 0; level < 100; level += 1) [deep, other] = [{ a: deep }, { a: other }];
  expect(differingPaths(deep, other)).toMatchObject({ isCut: false, paths: [{ change: 'changed' }] });
  expect(differingPaths({ toString: 1 }, {})).toMatchObject({ paths: [{ path: 'toString', change: 'added' }] });
});
