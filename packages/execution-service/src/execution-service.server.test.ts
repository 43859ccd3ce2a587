import { randomUUID } from 'node:crypto';
import type { Failure, GivenColumns } from '@runledger/contracts';
import { causesOf } from '@runledger/contracts';
import { testedKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createExecutionService } from './execution-service.ts';
import type { LedgerApi } from './fixtures/open-ledger-api.ts';
import { openLedgerApi } from './fixtures/open-ledger-api.ts';

const NOBODY = '00000000-0000-7000-8000-000000000000';

const nested = (levels: number) => {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
};
const GIVEN = { tags: ['vip'], metadata: { shop: 'berlin' } } satisfies Required<GivenColumns>;
const circle: unknown[] = [];
circle.push(circle);

describe.each(testedKinds('pglite', 'postgres-17'))('on %s', (kind) => {
  let api: LedgerApi;
  beforeAll(async () => {
    api = await openLedgerApi(kind);
  });
  afterAll(() => api.close());

  const create = (more: object = {}) =>
    api.service.createExecution({ workflowId: api.workflow.id, userId: api.ada.id, ...more });
  const createInTemporal = (more: object = {}) =>
    create({ temporalWorkflowId: `order-${randomUUID()}`, temporalRunId: randomUUID(), ...more });

  describe('createExecution', () => {
    test('records what the caller started in Temporal as running, with its workflow', async () => {
      const execution = await createInTemporal({ input: { amount: 3 }, ...GIVEN });
      expect(execution).toMatchObject({
        status: 'running',
        engine: 'temporal',
        createdBy: api.ada.id,
        temporalNamespace: 'default',
        input: { amount: 3 },
        ...GIVEN,
        startBy: null,
        workflow: { id: api.workflow.id, name: 'Order', description: 'Sells a thing' },
      });
    });

    test('what is given with it is kept as well where the ledger is to start it', async () => {
      const request = { workflow: api.workflow, userId: api.ada.id, input: null, idempotencyKey: null };
      const admitted = await api.ledger.admit({ ...request, startWithinMs: 60_000, ...GIVEN });
      expect(admitted?.execution).toMatchObject({ status: 'pending', ...GIVEN });
    });

    test('without a run id it is pending, without a workflow id a direct execution', async () => {
      expect(await create({ temporalWorkflowId: randomUUID() })).toMatchObject({
        status: 'pending',
        engine: 'temporal',
      });
      expect(await create()).toMatchObject({ status: 'running', engine: 'none', temporalWorkflowId: null });
    });

    test('a known run gives its row, with what it lacked filled in', async () => {
      const temporalWorkflowId = `order-${randomUUID()}`;
      const first = await create({ temporalWorkflowId });
      const second = await create({ temporalWorkflowId, temporalRunId: 'run-1', input: { late: true } });
      const third = await create({ temporalWorkflowId, temporalRunId: 'run-1', input: { other: true } });
      expect([second.id, third.id]).toEqual([first.id, first.id]);
      expect(third).toMatchObject({ status: 'running', temporalRunId: 'run-1', input: { late: true } });
    });

    test('a workflow id that is used again is another execution, found as the newest', async () => {
      const temporalWorkflowId = `order-${randomUUID()}`;
      const first = await create({ temporalWorkflowId, temporalRunId: 'run-1' });
      const second = await create({ temporalWorkflowId, temporalRunId: 'run-2' });
      expect(second.id).not.toBe(first.id);
      expect((await api.service.getExecution(temporalWorkflowId))?.id).toBe(second.id);
    });

    test('a workflow id that is used again after its execution has ended is another one, also without a run id', async () => {
      const temporalWorkflowId = `order-${randomUUID()}`;
      const first = await create({ temporalWorkflowId, temporalRunId: 'run-1' });
      expect((await create({ temporalWorkflowId })).id).toBe(first.id);
      await api.service.markCompleted(first.id);
      const second = await create({ temporalWorkflowId });
      expect(second).toMatchObject({ status: 'pending', temporalRunId: null });
      expect(second.id).not.toBe(first.id);
    });

    test('the same creation ten times at once is one row', async () => {
      const temporalWorkflowId = `order-${randomUUID()}`;
      const created = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          create({ temporalWorkflowId, ...(i % 2 ? { temporalRunId: 'run-1' } : {}) }),
        ),
      );
      expect(new Set(created.map(({ id }) => id)).size).toBe(1);
    });

    test.each([
      [
        'another user’s run',
        'conflict',
        async () => {
          const { temporalWorkflowId, temporalRunId } = await createInTemporal();
          return { temporalWorkflowId, temporalRunId, userId: api.bob.id };
        },
      ],
      ['an unknown user', 'unknown_user', async () => ({ userId: 'nobody' })],
      ['an unknown workflow', 'not_found', async () => ({ workflowId: NOBODY })],
      // It may be the key of a row of the host's own table.
      ['a workflow id that is no uuid, and no key of the host', 'not_found', async () => ({ workflowId: 'order' })],
      ['no user', 'invalid_input', async () => ({ userId: null })],
      ['a run id without its workflow id', 'invalid_input', async () => ({ temporalRunId: 'run-1' })],
      ['a NUL in the metadata', 'invalid_input', async () => ({ metadata: { text: 'a\u0000b' } })],
      ['a NUL in the user', 'invalid_input', async () => ({ userId: 'a\u0000' })],
      ['an input without a number for it', 'invalid_input', async () => ({ input: { a: [Number.NaN] } })],
      ['an input that holds itself', 'invalid_input', async () => ({ input: circle })],
      ['an input that is no JSON', 'invalid_input', async () => ({ input: 1n })],
      ['an input of 10 MB', 'payload_too_large', async () => ({ input: 'x'.repeat(10 * 1024 * 1024) })],
      ['an endless workflow id', 'invalid_input', async () => ({ temporalWorkflowId: 'x'.repeat(1001) })],
      ['a time that is none', 'invalid_input', async () => ({ startedAt: 'yesterday' })],
    ] as const)('%s is refused as %s, and the ledger is unchanged', async (_, code, input) => {
      const more = await input();
      const before = await api.service.getStats(api.workflow.id);
      await expect(create(more)).rejects.toMatchObject({ name: 'ExecutionError', code });
      expect((await api.service.getStats(api.workflow.id)).total).toBe(before.total);
    });
  });

  test.each([
    ['a NUL', { text: 'a\u0000b' }, { text: 'a\uFFFDb' }, 'characters_replaced'],
    ['half a character in a key', { 'k\ud83d': 1 }, { 'k\uFFFD': 1 }, 'characters_replaced'],
    ['3,000 levels', nested(3_000), null, 'too_deep'],
    ['nothing unusual', { a: ['\ud83d\ude00'] }, { a: ['\ud83d\ude00'] }, null],
  ])('what the caller has started is recorded although its input has %s, and says so', async (_, input, kept, note) => {
    expect(await create({ input })).toMatchObject({ input: kept, inputNote: note });
  });

  test('a number in an input that cannot be recorded is named by its path', async () => {
    await expect(create({ input: { lines: [{ account: 2n ** 63n }] } })).rejects.toMatchObject({
      fields: { 'input.lines.0.account': [expect.stringContaining('BigInt')] },
    });
  });

  describe('mark*', () => {
    test.each([
      ['markCompleted', 'completed', (id: string) => api.service.markCompleted(id, { ok: true }, 12)],
      ['markFailed', 'failed', (id: string) => api.service.markFailed(id, new Error('no money'), 12)],
      ['markCancelled', 'cancelled', (id: string) => api.service.markCancelled(id, 'changed my mind', 12)],
      ['markTimedOut', 'timed_out', (id: string) => api.service.markTimedOut(id, undefined, 12)],
      ['markTerminated', 'terminated', (id: string) => api.service.markTerminated(id, 'by ops', 12)],
    ] as const)('%s ends an execution as %s, once', async (_, status, mark) => {
      const { id } = await createInTemporal();
      const first = await mark(id);
      expect(first).toMatchObject({ result: 'applied', executionId: id, status });
      const again = await mark(id);
      expect(again).toMatchObject({
        result: 'already_terminal',
        status,
        revision: first.revision,
        executionCount: first.executionCount,
      });
      const execution = await api.service.getExecutionById(id);
      expect(execution).toMatchObject({ status, durationMs: 12, outcomeAuthority: 'reported' });
      if (status !== 'completed') expect(execution?.errorMessage).toBeTruthy();
      await expect(mark('no such execution')).rejects.toMatchObject({ code: 'not_found' });
    });

    test('a Temporal workflow id names the newest execution with it', async () => {
      const { id, temporalWorkflowId } = await createInTemporal();
      expect(await api.service.markCompleted(temporalWorkflowId as string, 'done')).toMatchObject({ executionId: id });
      expect(await api.service.getExecutionById(id)).toMatchObject({ output: 'done' });
    });

    test('the repeat of a report id gets the same answer, also after another report', async () => {
      const { id } = await create();
      const reportId = randomUUID();
      const first = await api.service.markFailed(id, 'boom', 3, { reportId, actor: 'worker-1' });
      await api.service.markCompleted(id);
      expect(await api.service.markFailed(id, 'boom', 3, { reportId })).toEqual(first);
    });

    test('the call that completes returns the new count', async () => {
      const workflow = await api.workflows.createWorkflow(api.bob.id, {
        name: 'Counted',
        workflowType: 't',
        taskQueue: 'q',
      });
      for (const expected of [1, 2, 3]) {
        const { id } = await create({ workflowId: workflow.id, userId: api.bob.id });
        expect(await api.service.markCompleted(id)).toMatchObject({ executionCount: expected });
        expect(await api.service.getRunCount(api.bob.id, workflow.id)).toBe(expected);
      }
    });

    test.each([
      ['too large', 'x'.repeat(3 * 1024 * 1024), null, 'too_large'],
      ['not JSON', circle, null, 'not_json'],
      ['a BigInt', { small: 1n }, { small: 1 }, null],
      ['without a number for it', [Number.NaN], ['NaN'], 'numbers_as_text'],
      ['nested 3,000 levels deep', nested(3_000), null, 'too_deep'],
      ['half a character', '\ud83d', '\uFFFD', 'characters_replaced'],
      ['undefined', undefined, null, null],
      [
        'with a NUL',
        { text: 'a\u0000b', escaped: '\\u0000' },
        { text: 'a\uFFFDb', escaped: '\\u0000' },
        'characters_replaced',
      ],
    ])('a completed result that is %s still records the status', async (_, output, kept, note) => {
      const { id } = await create();
      expect(await api.service.markCompleted(id, output)).toMatchObject({ result: 'applied', status: 'completed' });
      expect(await api.service.getExecutionById(id)).toMatchObject({ output: kept, outputNote: note });
    });

    test.each([
      ['a message', 'boom', 'boom', null],
      [
        'an Error',
        Object.assign(new TypeError('bad'), { cause: new Error('worse') }),
        'bad',
        { type: 'TypeError', cause: { message: 'worse' } },
      ],
      ['an object with a message', { message: 'no stock', sku: 7 }, 'no stock', { sku: 7 }],
      ['a number', 42, '42', 42],
      ['nothing', undefined, 'It failed; no reason was given.', null],
      ['a NUL in a message', 'a\u0000b', 'a\uFFFDb', null],
      ['an endless message', 'x'.repeat(9000), `${'x'.repeat(3999)}…`, null],
      ['a message that is cut within a character', `${'x'.repeat(3998)}😀x`, `${'x'.repeat(3998)}…`, null],
      ['an object nested 3,000 levels deep', { message: 'deep', inner: nested(3_000) }, 'deep', { note: 'too_deep' }],
      ['an object that holds itself', circle, 'It failed; no reason was given.', { note: 'not_json' }],
      ['an object with half a character', { message: 'a\ud83d' }, 'a\uFFFD', { message: 'a\uFFFD' }],
    ])('markFailed takes %s', async (_, error, message, failure) => {
      const { id } = await create();
      await api.service.markFailed(id, error);
      const execution = await api.service.getExecutionById(id);
      expect(execution).toMatchObject({ errorMessage: message, failure });
    });

    test('every digit of a BigInt is kept, and the note says that a double does not hold it', async () => {
      const { id } = await create();
      await api.service.markCompleted(id, { account: 2n ** 63n - 1n });
      const [row] = await api.supabase.database.query<{ output: string; output_note: string }>(
        'select output::text as output, output_note from runledger.workflow_executions where id = $1',
        [id],
      );
      expect(row).toEqual({ output: '{"account": 9223372036854775807}', output_note: 'numbers_beyond_double' });
    });

    test.each([['Errors'], ['plain objects']])(
      'a chain of %s keeps both ends and counts what is cut, also where it comes round',
      async (how) => {
        const { id } = await create();
        let error: unknown = how === 'Errors' ? new RangeError('root') : { message: 'root', type: 'RootError' };
        const root = error as { cause?: unknown };
        for (let depth = 1; depth < 30; depth += 1)
          error =
            how === 'Errors'
              ? new Error(`cause ${depth}`, { cause: error })
              : { message: `cause ${depth}`, cause: error };
        root.cause = error;
        await api.service.markFailed(id, error);
        const execution = await api.service.getExecutionById(id);
        const kept = causesOf(execution?.failure as unknown as Failure, ({ cause }) => cause);
        expect(execution?.errorMessage).toBe('cause 29');
        expect(kept.map(({ message }) => message)).toEqual(
          ['29', '28', '27', '26', '25', '4', '3', '2', '1'].map((n) => `cause ${n}`).concat('root'),
        );
        expect(kept[4]?.omittedCauses).toBe(20);
      },
    );

    test('a character that Postgres cannot store loses neither the end nor what else the report says', async () => {
      const { id } = await create();
      expect(await api.service.markCompleted(id, 1, 5, { actor: 'a\0', verdict: 'v\ud83d' })).toMatchObject({
        result: 'applied',
      });
      expect(await api.service.getExecutionById(id)).toMatchObject({ verdict: 'v\uFFFD' });
      await expect(api.service.markCompleted('a\0')).rejects.toMatchObject({ code: 'not_found' });
    });

    test.each([
      ['an empty verdict', ['x', {}, 1, { verdict: '' }]],
      ['an endless verdict', ['x', {}, 1, { verdict: 'v'.repeat(101) }]],
      ['an empty id', ['', {}, 1, {}]],
      ['a negative duration', ['x', {}, -1, {}]],
      ['a duration that is no number', ['x', {}, Number.NaN, {}]],
      ['a report id that is no uuid', ['x', {}, 1, { reportId: 'again' }]],
      ['an endless run id', ['x', {}, 1, { runId: 'x'.repeat(300) }]],
    ] as const)('%s is refused', async (_, args) => {
      await expect(api.service.markCompleted(...(args as unknown as [string]))).rejects.toMatchObject({
        code: 'invalid_input',
      });
    });
  });

  describe('updateExecution', () => {
    test('changes what may change at any time', async () => {
      const { temporalWorkflowId } = await createInTemporal();
      const updated = await api.service.updateExecution(temporalWorkflowId as string, {
        verdict: 'rejected by the bank',
        tags: ['late'],
        metadata: { a: 1 },
        stateSnapshot: { step: 2 },
        activitiesExecuted: 4,
        output: { partial: true },
        error: 'first attempt failed',
      });
      expect(updated).toMatchObject({
        status: 'running',
        verdict: 'rejected by the bank',
        tags: ['late'],
        metadata: { a: 1 },
        stateSnapshot: { step: 2 },
        activitiesExecuted: 4,
        output: { partial: true },
        errorMessage: 'first attempt failed',
      });
    });

    test.each([
      ['2999-01-01T00:00:00Z', 'lies ahead'],
      [new Date(1_764_300_000), 'lies before 2000'],
      [new Date(Date.now() - 86_400_000), 'lies before the start'],
    ])('an end at %s is refused with its field, and the execution stays open', async (completedAt, fault) => {
      const { id } = await create();
      await expect(api.service.updateExecutionById(id, { status: 'completed', completedAt })).rejects.toMatchObject({
        code: 'invalid_input',
        fields: { completedAt: [expect.stringContaining(fault)] },
      });
      expect(await api.service.getExecutionById(id)).toMatchObject({ status: 'running' });
    });

    test('a terminal status is a report: the same again is fine, another one is refused', async () => {
      const { id } = await create();
      const end = {
        status: 'completed',
        output: [1],
        completedAt: new Date(),
        durationMs: 7.4,
        activitiesExecuted: 2,
      } as const;
      const ended = await api.service.updateExecutionById(id, { ...end, tags: ['t'] });
      expect(ended).toMatchObject({ status: 'completed', durationMs: 7, output: [1], tags: ['t'] });
      expect(Date.parse(ended.completedAt ?? '')).toBe(end.completedAt.getTime());
      expect((await api.service.updateExecutionById(id, end)).revision).toBe(ended.revision);
      await expect(api.service.updateExecutionById(id, { status: 'failed', error: 'no' })).rejects.toMatchObject({
        code: 'illegal_transition',
      });
      await expect(api.service.updateExecutionById(id, { status: 'running' })).rejects.toMatchObject({
        code: 'illegal_transition',
      });
      expect(await api.service.updateExecutionById(id, {})).toEqual(ended);
    });

    test('beside a terminal status the rest is kept, and what cannot be kept does not lose the end', async () => {
      const { id } = await create();
      const whole = await api.service.updateExecutionById(id, {
        status: 'completed',
        metadata: { order: 7 },
        stateSnapshot: { step: 'shipped', at: 'a\0' },
      });
      expect(whole).toMatchObject({ metadata: { order: 7 }, stateSnapshot: { step: 'shipped', at: 'a\uFFFD' } });

      const { id: deep } = await create();
      await api.service.updateExecutionById(deep, { status: 'completed', stateSnapshot: nested(3_000) });
      expect(await api.service.getExecutionById(deep)).toMatchObject({
        status: 'completed',
        stateSnapshot: { note: 'too_deep' },
      });

      const { id: refused } = await create();
      const end = { status: 'failed', error: 'no', metadata: { a: { b: 'x\0' } } } as const;
      await expect(api.service.updateExecutionById(refused, end)).rejects.toMatchObject({
        code: 'invalid_input',
        fields: { 'metadata.a.b': [expect.stringContaining('NUL')] },
      });
      expect(await api.service.getExecutionById(refused)).toMatchObject({ status: 'failed', errorMessage: 'no' });
    });

    test('a number that the table would give back rounded is refused by its path', async () => {
      const { id } = await create();
      await expect(api.service.updateExecutionById(id, { output: { a: [2n ** 63n] } })).rejects.toMatchObject({
        code: 'invalid_input',
        fields: { 'output.a.0': [expect.stringContaining('double')] },
      });
    });

    test('pending may run, and nothing returns to pending', async () => {
      const { id } = await create({ temporalWorkflowId: randomUUID() });
      expect(await api.service.updateExecutionById(id, { status: 'running' })).toMatchObject({ status: 'running' });
      await expect(api.service.updateExecutionById(id, { status: 'pending' })).rejects.toMatchObject({
        code: 'illegal_transition',
      });
    });

    test('a failed status without an error still says why', async () => {
      const { id } = await create();
      expect(await api.service.updateExecutionById(id, { status: 'failed' })).toMatchObject({
        errorMessage: 'It ended as failed; no reason was given.',
      });
    });

    test.each([
      ['no such execution', { verdict: 'x' }, 'not_found', true],
      ['a status that is none', { status: 'done' }, 'invalid_input', false],
      ['too many tags', { tags: Array.from({ length: 51 }, String) }, 'invalid_input', false],
      ['a NUL in the state', { stateSnapshot: '\u0000' }, 'invalid_input', false],
      ['a negative duration', { durationMs: -1 }, 'invalid_input', false],
    ] as const)('%s is refused', async (_, update, code, missing) => {
      const id = missing ? NOBODY : (await create()).id;
      await expect(api.service.updateExecutionById(id, update as object)).rejects.toMatchObject({ code });
    });
  });

  describe('reading', () => {
    test('getExecution and getExecutionById give null for what is not there', async () => {
      expect(await api.service.getExecution('no such workflow id')).toBeNull();
      expect(await api.service.getExecutionById(NOBODY)).toBeNull();
      expect(await api.service.getExecutionById('no uuid')).toBeNull();
    });

    test('times keep their microseconds', async () => {
      const { id } = await create({ startedAt: '2026-01-02T03:04:05.123456Z' });
      const execution = await api.service.getExecutionById(id);
      expect(execution?.startedAt).toMatch(/^2026-01-02T03:04:05\.12345?6?/);
    });

    test('a list is newest first, holds no payloads, and pages by offset and by cursor alike', async () => {
      const workflow = await api.workflows.createWorkflow(api.ada.id, {
        name: 'Listed',
        workflowType: 't',
        taskQueue: 'q',
      });
      const ids: string[] = [];
      for (let i = 0; i < 5; i++) {
        ids.unshift(
          (
            await create({
              workflowId: workflow.id,
              input: i,
              startedAt: `2026-01-0${1 + Math.floor(i / 2)}T00:00:00Z`,
            })
          ).id,
        );
      }
      const all = await api.service.listExecutions(workflow.id);
      expect(all.map(({ id }) => id)).toEqual(ids);
      expect(all.nextCursor).toBeNull();
      expect(Object.keys(all[0] as object)).not.toContain('input');
      const byCursor: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof api.service.listExecutions>> = await api.service.listExecutions(
          workflow.id,
          { limit: 2, cursor },
        );
        byCursor.push(...page.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor);
      expect(byCursor).toEqual(ids);
      const byOffset = await api.service.listExecutions(workflow.id, { limit: 2, offset: 2 });
      expect(byOffset.map(({ id }) => id)).toEqual(ids.slice(2, 4));
      const oldestFirst = await api.service.listExecutions(workflow.id, { orderDirection: 'asc', limit: 3 });
      expect(oldestFirst.map(({ id }) => id)).toEqual(ids.toReversed().slice(0, 3));
      const rest = await api.service.listExecutions(workflow.id, {
        orderDirection: 'asc',
        limit: 3,
        cursor: oldestFirst.nextCursor,
      });
      expect(rest.map(({ id }) => id)).toEqual(ids.toReversed().slice(3));
      await api.service.markFailed(ids[4] as string, 'x');
      await api.service.markCompleted(ids[3] as string);
      const only = (status: 'failed' | ('failed' | 'completed')[]) =>
        api.service.listExecutions(workflow.id, { status }).then((page) => page.map(({ id }) => id));
      expect(await only('failed')).toEqual([ids[4]]);
      expect(await only(['failed', 'completed'])).toEqual([ids[3], ids[4]]);
      const ended = await api.service.listExecutions(workflow.id, { orderBy: 'completed_at', limit: 1 });
      expect(ended.map(({ id }) => id)).toEqual([ids[3]]);
      expect(
        (
          await api.service.listExecutions(workflow.id, { orderBy: 'completed_at', limit: 1, cursor: ended.nextCursor })
        ).map(({ id }) => id),
      ).toEqual([ids[4]]);
      const january = await api.service.listExecutions(workflow.id, {
        from: '2026-01-02T00:00:00Z',
        to: '2026-01-03T00:00:00Z',
      });
      expect(january).toHaveLength(2);
    });

    test('a user’s list holds their executions only', async () => {
      await create({ userId: api.bob.id });
      const page = await api.service.listExecutionsByUser(api.bob.id, { limit: 200 });
      expect(new Set(page.map(({ createdBy }) => createdBy))).toEqual(new Set([api.bob.id]));
      expect(await api.service.listExecutionsByUser('nobody')).toHaveLength(0);
    });

    test.each([
      ['a cursor from elsewhere', { cursor: 'WyJ4Il0' }, 'invalid_cursor'],
      ['a page of none', { limit: 0 }, 'invalid_input'],
      ['a page of a million', { limit: 1_000_000 }, 'invalid_input'],
      ['an order by a payload', { orderBy: 'input' }, 'invalid_input'],
      ['a status that is none', { status: 'done' }, 'invalid_input'],
    ])('%s is refused', async (_, options, code) => {
      await expect(api.service.listExecutions(api.workflow.id, options as object)).rejects.toMatchObject({ code });
    });

    test('the cursor of another list is refused', async () => {
      await create();
      await create();
      const { nextCursor } = await api.service.listExecutionsByUser(api.ada.id, { limit: 1 });
      expect(nextCursor).toBeTruthy();
      await expect(api.service.listExecutions(api.workflow.id, { cursor: nextCursor })).rejects.toMatchObject({
        code: 'invalid_cursor',
      });
      await expect(
        api.service.listExecutionsByUser(api.ada.id, { cursor: nextCursor, status: 'failed' }),
      ).rejects.toMatchObject({
        code: 'invalid_cursor',
      });
    });

    test('getStats counts every status, and has no rate where nothing has ended', async () => {
      const workflow = await api.workflows.createWorkflow(api.ada.id, {
        name: 'Counted',
        workflowType: 't',
        taskQueue: 'q',
      });
      const empty = { total: 0, successRate: null, avgDuration: null, minDuration: null, maxDuration: null };
      expect(await api.service.getStats(workflow.id)).toMatchObject(empty);
      const ids: string[] = [];
      for (let i = 0; i < 6; i++) ids.push((await create({ workflowId: workflow.id })).id);
      await create({ workflowId: workflow.id, userId: api.bob.id, temporalWorkflowId: randomUUID() });
      await api.service.markCompleted(ids[0] as string, null, 100);
      await api.service.markFailed(ids[1] as string, 'x', 200);
      await api.service.markCancelled(ids[2] as string, 'x', 300);
      await api.service.markTimedOut(ids[3] as string, 'x', 400);
      await api.service.markTerminated(ids[4] as string, 'x', 500);
      expect(await api.service.getStats(workflow.id)).toMatchObject({
        total: 7,
        pending: 1,
        running: 1,
        completed: 1,
        failed: 1,
        cancelled: 1,
        timedOut: 1,
        terminated: 1,
        avgDuration: 300,
        minDuration: 100,
        maxDuration: 500,
        successRate: 20,
      });
      expect(await api.service.getStats(workflow.id, { userId: api.bob.id })).toMatchObject({
        total: 1,
        pending: 1,
        successRate: null,
      });
      await expect(api.service.getStats('no uuid')).rejects.toMatchObject({ code: 'invalid_input' });
    });
  });

  describe('deleting', () => {
    test('deleteExecution removes one by either id, once', async () => {
      const { id, temporalWorkflowId } = await createInTemporal();
      expect(await api.service.deleteExecution(temporalWorkflowId as string)).toBe(true);
      expect(await api.service.deleteExecution(id)).toBe(false);
      expect(await api.service.getExecutionById(id)).toBeNull();
    });

    test('deleteWorkflowExecutions removes a user’s, then all', async () => {
      const workflow = await api.workflows.createWorkflow(api.ada.id, {
        name: 'Gone',
        workflowType: 't',
        taskQueue: 'q',
      });
      for (const userId of [api.ada.id, api.ada.id, api.bob.id]) await create({ workflowId: workflow.id, userId });
      expect(await api.service.deleteWorkflowExecutions(workflow.id, { userId: api.ada.id })).toBe(2);
      expect(await api.service.deleteWorkflowExecutions(workflow.id)).toBe(1);
      expect(await api.service.deleteWorkflowExecutions(workflow.id)).toBe(0);
      await expect(api.service.deleteWorkflowExecutions('no uuid')).rejects.toMatchObject({ code: 'invalid_input' });
    });
  });

  describe('with a user’s own client', () => {
    test('reading shows what is theirs', async () => {
      const mine = createExecutionService(api.ada.supabase);
      const { id } = await create();
      expect(await mine.getExecutionById(id)).toMatchObject({ id, workflow: { name: 'Order' } });
      expect(await createExecutionService(api.bob.supabase).getExecutionById(id)).toBeNull();
      const other = await create({ userId: api.bob.id });
      expect(await createExecutionService(api.bob.supabase).getExecutionById(other.id)).toMatchObject({
        workflow: { id: api.workflow.id, name: '' },
      });
      expect(await mine.getRunCount(api.ada.id)).toBe(await api.service.getRunCount(api.ada.id));
    });

    test('writing is refused, says what is needed, and changes nothing', async () => {
      const mine = createExecutionService(api.ada.supabase);
      const execution = await create();
      const writes = [
        () => mine.createExecution({ workflowId: api.workflow.id, userId: api.ada.id }),
        () => mine.markCompleted(execution.id),
        () => mine.markFailed(execution.id, 'x'),
        () => mine.updateExecutionById(execution.id, { verdict: 'x' }),
        () => mine.updateExecutionById(execution.id, { status: 'completed' }),
        () => mine.deleteExecution(execution.id),
        () => mine.deleteWorkflowExecutions(api.workflow.id),
      ];
      for (const write of writes) {
        await expect(write()).rejects.toMatchObject({
          code: 'permission_denied',
          message: expect.stringContaining('service-role key'),
        });
      }
      expect(await api.service.getExecutionById(execution.id)).toEqual(execution);
    });
  });
});
