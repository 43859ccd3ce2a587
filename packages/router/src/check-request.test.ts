import type { Workflow } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import type { StartRequest } from './check-request.ts';
import { checkRequest } from './check-request.ts';
import type { CallerContext } from './context.ts';
import type { ExecutionRules } from './execution-rules.ts';
import { ANNA, BEN, fakeContext, fakeWorkflow, WORKFLOW_ID } from './fake-context.ts';
import { DEFAULT_LIMITS } from './limits.ts';

const REQUEST: StartRequest = { workflowId: WORKFLOW_ID, tags: [], metadata: {} };

/** Checks a request by one workflow, known already or not, of which it counts the readings. */
function check(workflow: Workflow, more: Partial<StartRequest> = {}, options: Options = {}) {
  const { key, isKnown = false, validate = async () => {} } = options;
  let readings = 0;
  const rules = {
    limits: DEFAULT_LIMITS,
    requireStartable() {},
    schemas: { check: async () => {}, validate },
    workflows: {
      known: () => (isKnown ? workflow : null),
      async read() {
        readings += 1;
        return workflow;
      },
    },
  } satisfies Partial<ExecutionRules> as Partial<ExecutionRules> as ExecutionRules;
  const context = fakeContext();
  const ctx = { ...context, caller: { ...context.caller, ...(key ? { key } : {}) } } as CallerContext;
  const checked = checkRequest(ctx, rules, { ...REQUEST, ...more }, { anew: false });
  return { checked, readings: () => readings };
}

interface Options {
  key?: CallerContext['caller']['key'];
  isKnown?: boolean;
  validate?: ExecutionRules['schemas']['validate'];
}

describe('a program with a key', () => {
  const key = { name: 'nightly', scopes: [] };

  test("starts its user's own workflows, and not what others publish", async () => {
    expect(await check(fakeWorkflow(), {}, { key }).checked).toMatchObject({ userId: ANNA });
    const published = fakeWorkflow({ userId: BEN, visibility: 'published' });
    expect(await check(published).checked).toMatchObject({ userId: ANNA });
    await expect(check(published, {}, { key }).checked).rejects.toMatchObject({
      code: 'permission_denied',
      message: expect.stringContaining('nightly'),
    });
  });
});

describe('a request for more time than its workflow gives', () => {
  test('is refused with the field and the most; as much is fine, in whatever unit', async () => {
    const workflow = fakeWorkflow({ executionTimeout: '1h', runTimeout: '5m' });
    expect(await check(workflow, { executionTimeout: '60m', runTimeout: '300s' }).checked).toMatchObject({
      startOptions: { executionTimeout: '60m', runTimeout: '300s' },
    });
    await expect(check(workflow, { executionTimeout: '61m' }).checked).rejects.toMatchObject({
      code: 'invalid_input',
      fields: { executionTimeout: [expect.stringContaining('1h')] },
    });
    await expect(check(workflow, { runTimeout: '301s' }).checked).rejects.toMatchObject({
      fields: { runTimeout: [expect.stringContaining('5m')] },
    });
  });

  test('is not refused where the workflow says nothing', async () => {
    expect(await check(fakeWorkflow(), { runTimeout: '365d' }).checked).toMatchObject({
      startOptions: { runTimeout: '365d' },
    });
  });
});

describe('a refusal by a workflow that was known already', () => {
  const refusing = (code: 'rate_limited' | 'input_rejected') => async () => {
    throw new ExecutionError(code, 'no');
  };
  const workflow = fakeWorkflow({ inputSchema: { type: 'number' } });

  test('is checked by the workflow as it is now', async () => {
    const { checked, readings } = check(workflow, {}, { isKnown: true, validate: refusing('input_rejected') });
    await expect(checked).rejects.toMatchObject({ code: 'input_rejected' });
    expect(readings()).toBe(1);
  });

  test('costs a user who asks too much nothing more: the check is not done twice', async () => {
    const { checked, readings } = check(workflow, {}, { isKnown: true, validate: refusing('rate_limited') });
    await expect(checked).rejects.toMatchObject({ code: 'rate_limited' });
    expect(readings()).toBe(0);
  });
});
