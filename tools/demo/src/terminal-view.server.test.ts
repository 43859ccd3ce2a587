import { expect, test } from 'vitest';
import { eventually } from './fixtures/processes.ts';
import { createTerminalView } from './terminal-view.ts';
import type { StartedExecution } from './traffic.ts';

const started = (id: string, answers: (() => object)[]): StartedExecution => {
  const query = async () => (answers.length > 1 ? answers.shift() : answers[0])?.();
  const client = { execution: { getExecution: { query } } } as never;
  return { id, workflowName: id, user: { id: 'user', name: 'ada', client, close() {} } };
};

const running = { status: 'running', completedAt: null, recordedAt: null };
const ended = (lagMs: number) => ({
  id: '01939c5e-0000-7000-8000-00000000beef',
  status: 'completed',
  completedAt: new Date(1_000_000).toISOString(),
  recordedAt: new Date(1_000_000 + lagMs).toISOString(),
  durationMs: 1_000,
  errorMessage: null,
});

test('each end is printed once, a failing call is told and not the end of it, and what is open stays counted', async () => {
  const printed: string[] = [];
  const complaints: unknown[] = [];
  const view = createTerminalView({ print: (line) => printed.push(line), onError: (error) => complaints.push(error) });
  expect(view.summary()).toBeUndefined();
  const away = new Error('the API is away');
  const failing = () => {
    throw away;
  };
  view.add(started('first', [() => running, failing, () => ended(30)]));
  view.add(started('second', [() => ended(10)]));
  view.add(started('third', [() => running]));

  const stopping = new AbortController();
  const watching = view.run(stopping.signal);
  expect(await eventually(async () => (printed.length >= 2 ? true : undefined))).toBe(true);
  stopping.abort();
  await watching;
  expect(printed.map((line) => /second|first/.exec(line)?.[0])).toEqual(['second', 'first']);
  expect(complaints).toEqual([away]);
  expect(view.summary()).toBe('2 ended, 1 still open. Recorded after at most 30 ms.');
});
