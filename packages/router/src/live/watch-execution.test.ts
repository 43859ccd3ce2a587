import type { ExecutionWithWorkflow, Progress } from '@runledger/contracts';
import { expect, test } from 'vitest';
import type { CallerContext } from '../context.ts';
import { ANNA, EXECUTION_ID, fakeContext, fakeExecution } from '../fake-context.ts';
import { readingCaller } from '../reading-caller.ts';
import { createEventIds } from './change-cursor.ts';
import type { ChangeBatch } from './change-hub.ts';
import type { Live } from './live.ts';
import { watchExecution } from './watch-execution.ts';

const change = { executionId: EXECUTION_ID, userId: ANNA, workflowId: 'w', revision: 1, deleted: false };
const batch = (more: Partial<ChangeBatch> = {}): ChangeBatch => ({ changes: [], cursor: '7', isReset: false, ...more });
const first = batch({ isReset: true });
const about = batch({ changes: [change] });
const running = (revision: number) => ({ status: 'running', revision }) as Partial<ExecutionWithWorkflow>;
const ended = { status: 'completed', outcomeAuthority: 'engine' } as Partial<ExecutionWithWorkflow>;
const at = (percent: number, counter: number) => ({ percent, counter }) as Progress;

let wholeReadings = 0;

/** What is told by these batches, while the execution stands so at each of them. */
async function told(
  batches: ChangeBatch[],
  stands: { row: Partial<ExecutionWithWorkflow>; progress?: Progress; isGone?: boolean }[],
): Promise<string[]> {
  let now = 0;
  wholeReadings = 0;
  const context = fakeContext({
    reader: {
      get: async (_scope, _id, { payloads } = { payloads: true }) => {
        if (payloads) wholeReadings += 1;
        if (stands[now]?.isGone) return null;
        const row = { ...fakeExecution(), ...stands[now]?.row } as ExecutionWithWorkflow;
        return payloads ? row : { ...row, input: null, output: null };
      },
      progress: async () => ({ workflow: { redact: [] } as never, progress: stands[now]?.progress ?? null }),
    },
  });
  const ctx = { ...context, caller: readingCaller(context.caller as never, context) } as CallerContext;
  const live = {
    ids: createEventIds(),
    async *follow() {
      for (const [n, one] of batches.entries()) {
        now = n;
        yield one;
      }
    },
  } as unknown as Live;
  const events: string[] = [];
  const signal = new AbortController().signal;
  for await (const [, event] of watchExecution(ctx, live, { id: EXECUTION_ID, signal, lastEventId: null })) {
    if (event.kind === 'execution') events.push(`${event.execution.status} ${event.execution.revision}`);
    if (event.kind === 'execution') expect(event.execution.input).toEqual(stands[now]?.row.input ?? null);
    if (event.kind === 'deleted') events.push(`deleted by ${event.deletedBy}`);
    if (event.kind === 'progress') events.push(`${event.progress.percent} %`);
  }
  return events;
}

test('a change of it is told where so much changed that nobody knows what', async () => {
  const stands = [{ row: running(1) }, { row: { ...ended, revision: 2 } }];
  expect(await told([first, batch({ isReset: true })], stands)).toEqual(['running 1', 'completed 2']);
});

test('changes of others are none of its own', async () => {
  const others = batch({ changes: [{ ...change, executionId: 'another' }] });
  expect(await told([first, others], [{ row: running(1) }, { row: running(2) }])).toEqual(['running 1']);
});

test('progress that was reported before its end is told, though both were one change', async () => {
  const stands = [{ row: running(1) }, { row: { ...ended, revision: 2 }, progress: at(90, 1) }];
  expect(await told([first, about], stands)).toEqual(['running 1', 'completed 2', '90 %']);
  const reported = [
    { row: running(1), progress: at(10, 1) },
    { row: running(2), progress: at(50, 2) },
  ];
  expect(await told([first, about], reported)).toEqual(['running 1', '10 %', 'running 2', '50 %']);
});

test('a large input is read with each change of the row, not with each report of progress', async () => {
  const input = 'x'.repeat(200_000);
  const stands = [
    { row: { ...running(1), input }, progress: at(10, 1) },
    { row: { ...running(1), input }, progress: at(20, 2) },
    { row: { ...running(1), input }, progress: at(30, 3) },
    { row: { ...running(2), input }, progress: at(30, 3) },
    { row: { ...ended, revision: 3, input }, progress: at(30, 3) },
  ];
  const events = ['running 1', '10 %', '20 %', '30 %', 'running 2', 'completed 3'];
  expect(await told([first, about, about, about, about], stands)).toEqual(events);
  expect(wholeReadings).toBe(3);
});

test('a deletion tells who did it, where that is known', async () => {
  const stands = [{ row: running(1) }, { row: {}, isGone: true }];
  const by = (deletedBy: 'owner' | 'retention') => batch({ changes: [{ ...change, deleted: true, deletedBy }] });
  expect(await told([first, by('owner')], stands)).toEqual(['running 1', 'deleted by owner']);
  expect(await told([first, by('retention')], stands)).toEqual(['running 1', 'deleted by retention']);
  expect(await told([first, batch({ isReset: true })], stands)).toEqual(['running 1', 'deleted by null']);
});
