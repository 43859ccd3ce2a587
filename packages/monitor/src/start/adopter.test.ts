import type { AdoptionRule, AdoptRun, Json, VisibleRun } from '@runledger/contracts';
import { ExecutionError, storableJson } from '@runledger/contracts';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { createAdopter, matches, userOf } from './adopter.ts';

const run = (more: Partial<VisibleRun> = {}): VisibleRun => ({
  temporalWorkflowId: 'nightly-1',
  runId: 'run-2',
  workflowType: 'report',
  taskQueue: 'reports',
  startedAt: '2026-11-21T09:00:00.000000Z',
  closedAt: null,
  searchAttributes: { Customer: ['anna', 'ben'] },
  memo: { customer: 'anna', account: 7 },
  ...more,
});
const user = { memo: 'customer' };

function fakeAdopter(rules: AdoptionRule[], refused: string[] = []) {
  const adopted: AdoptRun[] = [];
  const adopter = createAdopter({
    rules,
    namespace: 'default',
    logger: pino({ level: 'silent' }),
    visibility: { firstRunIdOf: async ({ temporalWorkflowId }) => (temporalWorkflowId === 'gone' ? null : 'run-1') },
    ledger: {
      async adopt(runs) {
        if (runs.some(({ temporalWorkflowId }) => refused.includes(temporalWorkflowId)))
          throw new ExecutionError('invalid_input', 'too long');
        adopted.push(...runs);
        return runs.map(({ temporalWorkflowId }) => ({
          result: 'adopted',
          executionId: `execution of ${temporalWorkflowId}`,
        }));
      },
    },
  });
  return { adopter, adopted };
}

describe('a rule', () => {
  test('covers a run when every part of it that is given matches', () => {
    expect(matches({ user }, run())).toBe(true);
    expect(matches({ user, workflowType: 'report', taskQueue: 'reports' }, run())).toBe(true);
    expect(matches({ user, workflowType: 'other' }, run())).toBe(false);
    expect(matches({ user, taskQueue: 'other' }, run())).toBe(false);
  });

  test('takes the user from memo, search attribute or itself, and from nowhere else', () => {
    expect(userOf({ user: { memo: 'customer' } }, run())).toBe('anna');
    expect(userOf({ user: { memo: 'account' } }, run())).toBe('7');
    const long = storableJson('9007199254740993', 100) as { value: Json };
    expect(userOf({ user: { memo: 'account' } }, run({ memo: { account: long.value } }))).toBe('9007199254740993');
    expect(userOf({ user: { searchAttribute: 'Customer' } }, run())).toBe('anna');
    expect(userOf({ user: { userId: 'ben' } }, run())).toBe('ben');
    expect(userOf({ user: { memo: 'Customer' } }, run())).toBeNull();
    expect(userOf({ user: { memo: 'customer' } }, run({ memo: { customer: { id: 1 } } }))).toBeNull();
  });
});

describe('adopting', () => {
  test('takes the whole chain as one execution, by its first run, and the first rule that matches', async () => {
    const { adopter, adopted } = fakeAdopter([
      { workflowType: 'other', user: { userId: 'ben' } },
      { workflowType: 'report', user, workflowId: 'definition-1' },
      { user: { userId: 'ben' } },
    ]);
    expect(await adopter.consider([run()])).toMatchObject([
      { userId: 'anna', result: 'adopted', executionId: 'execution of nightly-1' },
    ]);
    expect(adopted).toMatchObject([{ firstRunId: 'run-1', userId: 'anna', workflowId: 'definition-1' }]);
  });

  test('names the owner of the rule to the ledger, whose published workflow may be taken', async () => {
    const { adopter, adopted } = fakeAdopter([{ user, workflowOwner: 'host' }]);
    await adopter.consider([run()]);
    expect(adopted).toMatchObject([{ userId: 'anna', workflowId: null, workflowOwner: 'host' }]);
  });

  test('says what would be adopted, and adopts nothing, in a dry run', async () => {
    const { adopter, adopted } = fakeAdopter([{ workflowType: 'report', user }]);
    const runs = [run(), run({ workflowType: 'other' }), run({ memo: {} }), run({ temporalWorkflowId: 'gone' })];
    const results = (await adopter.consider(runs, { dryRun: true })).map(({ result }) => result);
    expect(results).toEqual(['would_adopt', 'no_rule', 'no_user', 'gone']);
    expect(adopted).toEqual([]);
  });

  test('is not held up by one run that the ledger cannot hold', async () => {
    const { adopter } = fakeAdopter([{ user }], ['monster']);
    const results = await adopter.consider([
      run(),
      run({ temporalWorkflowId: 'monster' }),
      run({ temporalWorkflowId: 'nightly-2' }),
    ]);
    expect(results.map(({ result }) => result)).toEqual(['adopted', 'refused', 'adopted']);
  });
});
