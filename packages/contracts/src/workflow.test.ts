import { expect, test } from 'vitest';
import { z } from 'zod';
import { CreateWorkflowInput, UpdateWorkflowInput, Workflow } from './workflow.ts';

const ORDER = { name: 'Order', workflowType: 'order', taskQueue: 'orders' };

/** Path of each field that is refused to what is wrong with it, whether it is defined or changed. */
function refused(given: object): Record<string, string> {
  const [created, updated] = [
    CreateWorkflowInput.safeParse({ ...ORDER, ...given }),
    UpdateWorkflowInput.safeParse(given),
  ];
  expect(updated.error?.issues).toEqual(created.error?.issues);
  const issues = created.error?.issues ?? [];
  return Object.fromEntries(issues.map(({ path, message }) => [path.join('.'), message]));
}

test.each(['executionTimeout', 'runTimeout'])('%s is from a second to ten years', (field) => {
  const range = { [field]: 'must be from 1s to 3650d' };
  for (const taken of ['1s', '1000ms', '7d', '3650d', null]) expect(refused({ [field]: taken })).toEqual({});
  for (const wrong of ['0ms', '0d', '999ms', '3651d', '365000000d', '9'.repeat(15).concat('d')])
    expect(refused({ [field]: wrong })).toEqual(range);
  for (const wrong of ['', '1 s', '-1s', '1.5s', '9'.repeat(16).concat('d'), '1w'])
    expect(refused({ [field]: wrong })).toEqual({ [field]: expect.any(String) });
});

test('retries follow one another no faster, and no more often, than Temporal bears', () => {
  const policy = (retryPolicy: object) => refused({ retryPolicy });
  for (const taken of [
    { maximumAttempts: 1 },
    { maximumAttempts: 1_000 },
    { maximumAttempts: 100, initialInterval: '100ms', backoffCoefficient: 1 },
    { maximumAttempts: 1_000, initialInterval: '1s' },
    { initialInterval: '10s' },
    { initialInterval: '10s', maximumInterval: '10s' },
    // They become rare: Temporal's own defaults are 1 s, twice as long each time, up to 100 s.
    {},
    { initialInterval: '100ms' },
    { initialInterval: '1s', backoffCoefficient: 1.5, maximumInterval: '10s' },
  ])
    expect(policy(taken)).toEqual({});

  expect(policy({ maximumAttempts: 1_000, initialInterval: '1ms' })).toMatchObject({
    'retryPolicy.initialInterval': 'must be from 100ms to 365d',
  });
  for (const [wrong, most] of [
    [{ backoffCoefficient: 1 }, 1_000],
    [{ backoffCoefficient: 1.49 }, 1_000],
    [{ initialInterval: '9s', maximumInterval: '9s' }, 1_000],
    [{ initialInterval: '100ms', maximumInterval: '9s' }, 100],
    [{ initialInterval: '999ms', maximumAttempts: 101, backoffCoefficient: 1 }, 100],
  ] as const)
    expect(policy(wrong)).toEqual({ 'retryPolicy.maximumAttempts': expect.stringContaining(`from 1 to ${most}`) });
  expect(policy({ initialInterval: '20s', maximumInterval: '10s' })).toEqual({
    'retryPolicy.maximumInterval': 'must be at least the first interval, 20s',
  });
});

test('a definition from before the bounds is still read', () => {
  const retryPolicy = { initialInterval: '1ms', maximumAttempts: 1_000_000 };
  expect(z.object({ retryPolicy: Workflow.shape.retryPolicy }).parse({ retryPolicy })).toEqual({ retryPolicy });
});
