import { describe, expect, test } from 'vitest';
import type { Evidence } from './compare.ts';
import { compare } from './compare.ts';
import type { EngineChain, EngineRun } from './engine-runs.ts';
import type { Row } from './rows.ts';

const run = (more: Partial<EngineRun> = {}): EngineRun => ({
  ...{ workflowId: 'order-1', runId: 'run-1', firstRunId: 'run-1', status: 'COMPLETED' },
  ...{ startedAt: 1_000_000n, closedAt: 5_000_001n, wasCutByReset: false, handedOnTo: null },
  ...{ isReset: false, activities: 2, firstTaskAt: 1_000_100n, cancelRequested: false, result: '{"a":1}' },
  ...more,
});

const chainOf = (...runs: EngineRun[]): EngineChain => {
  const [first, last] = [runs[0] as EngineRun, runs.at(-1) as EngineRun];
  return { workflowId: first.workflowId, firstRunId: first.runId, runs, last };
};

const row = (more: Partial<Row> = {}): Row => ({
  ...{ id: 'row-1', workflow_id: 'definition', created_by: 'ada', engine: 'temporal' },
  ...{ temporal_workflow_id: 'order-1', temporal_run_id: 'run-1', closing_run_id: 'run-1', run_count: 1 },
  ...{ status: 'completed', outcome_authority: 'engine', verdict: null, activities_executed: 2 },
  ...{ completed_at_us: '5000001', engine_started_at_us: '1000000', first_task_at_us: '1000100' },
  ...{ duration_ms: 4_000, cancel_requested_by: null, output_text: '{"a": 1}' },
  ends: [{ run_id: 'run-1', status: 'completed', source: 'watch' }],
  runs: [{ run_id: 'run-1', status: 'completed' }],
  isUnsettled: false,
  ...more,
});

/** One execution that everybody agrees on, and what is changed of that. */
function evidence(more: Partial<Evidence> & { chain?: EngineChain } = {}): Evidence {
  const { chain = chainOf(run()), ...changed } = more;
  return {
    expected: [
      {
        ...{ kind: 'completed', workflowId: 'order-1', firstRunId: 'run-1' },
        ...{ status: 'completed', runs: chain.runs.length, rows: 1, verdict: null },
      },
    ],
    rows: [row()],
    chains: new Map([['order-1/run-1', chain]]),
    timelines: new Map([['row-1', { state: 'complete', activities: 2 }]]),
    ...changed,
  };
}

const found = (what: Evidence) => compare(what).map(({ verdict, what }) => `${verdict}: ${what}`);

test('what agrees has no difference', () => {
  expect(compare(evidence())).toEqual([]);
});

describe('a row that was tampered with is found out:', () => {
  const tampered: [string, Partial<Row>, string[]][] = [
    ['status', { status: 'failed' }, ['wrong: status']],
    ['authority', { outcome_authority: 'reported' }, ['wrong: authority']],
    ['close time, by a microsecond', { completed_at_us: '5000002' }, ['wrong: close time']],
    ['closing run', { closing_run_id: 'run-2' }, ['wrong: closing run']],
    ['number of runs', { run_count: 2 }, ['wrong: number of runs']],
    ['runs', { runs: [] }, ['wrong: runs', 'wrong: statuses of the runs']],
    [
      'a run that is still running',
      { runs: [{ run_id: 'run-1', status: 'running' }] },
      ['wrong: statuses of the runs'],
    ],
    ['engine start', { engine_started_at_us: null }, ['wrong: engine start']],
    ['first task', { first_task_at_us: '1000101' }, ['wrong: first task']],
    ['duration', { duration_ms: 4_001 }, ['wrong: duration']],
    ['a digit of the output', { output_text: '{"a": 2}' }, ['wrong: output']],
    ['a cancel that nobody asked for', { cancel_requested_by: 'anna' }, ['wrong: a cancel was asked for']],
    ['no end', { ends: [] }, ['wrong: ends of the closing run']],
    ['the end twice', { ends: [row().ends, row().ends].flat() }, ['wrong: ends of the closing run']],
    [
      'an end of a run that is not of the chain',
      { ends: [...row().ends, { run_id: 'run-9', status: 'failed', source: 'feed' }] },
      ['wrong: end of run run-9'],
    ],
    ['verdict', { verdict: 'approved' }, ['wrong: verdict']],
    ['first run', { temporal_run_id: 'run-9' }, ['lost: rows', 'uninvited: row without a counterpart']],
    [
      'still open',
      {
        status: 'running',
        outcome_authority: null,
        closing_run_id: null,
        completed_at_us: null,
        duration_ms: null,
        ends: [],
        isUnsettled: true,
      },
      [
        'unsettled: status',
        ...['status', 'authority', 'closing run', 'close time', 'duration', 'ends of the closing run'].map(
          (what) => `wrong: ${what}`,
        ),
      ],
    ],
  ];
  for (const [name, change, differences] of tampered) {
    test(name, () => {
      expect(found(evidence({ rows: [row(change)] }))).toEqual(differences);
    });
  }
});

test('an execution without a row is lost, one with two is recorded twice', () => {
  expect(found(evidence({ rows: [] }))).toEqual(['lost: rows']);
  expect(found(evidence({ rows: [row(), row()] }))).toEqual(['twice: rows']);
});

test('a direct execution has no counterpart in Temporal, and needs none', () => {
  const direct = row({ engine: 'none', temporal_workflow_id: null, temporal_run_id: null, closing_run_id: null });
  expect(found(evidence({ rows: [row(), direct] }))).toEqual([]);
});

test('a stranger has no row', () => {
  const [want] = evidence().expected;
  const strangers = want ? [{ ...want, rows: 0 as const }] : [];
  expect(found(evidence({ expected: strangers, rows: [] }))).toEqual([]);
  expect(found(evidence({ expected: strangers }))).toEqual(['uninvited: rows']);
});

describe('a reset', () => {
  const base = run({ status: 'TERMINATED', wasCutByReset: true, closedAt: 2_000_000n });
  const after = run({ runId: 'run-2', startedAt: 2_000_000n, isReset: true });
  const runs = [
    { run_id: 'run-1', status: 'terminated' },
    { run_id: 'run-2', status: 'completed' },
  ];
  const settled = row({
    ...{ closing_run_id: 'run-2', run_count: 2, runs },
    ends: [{ run_id: 'run-2', status: 'completed', source: 'watch' }],
  });

  test('while it ran is no end', () => {
    const chain = chainOf(base, after);
    expect(found(evidence({ chain, rows: [settled] }))).toEqual([]);
    const believed = { run_id: 'run-1', status: 'terminated', source: 'watch' };
    expect(found(evidence({ chain, rows: [{ ...settled, ends: [believed, ...settled.ends] }] }))).toEqual([
      'wrong: end of run run-1',
    ]);
  });

  test('after its end leaves both ends, each once', () => {
    const chain = chainOf(run({ status: 'FAILED', closedAt: 2_000_000n }), after);
    const first = { run_id: 'run-1', status: 'failed', source: 'watch' };
    const failed = { ...settled, runs: [{ run_id: 'run-1', status: 'failed' }, ...runs.slice(1)] };
    expect(found(evidence({ chain, rows: [{ ...failed, ends: [first, ...settled.ends] }] }))).toEqual([]);
    expect(found(evidence({ chain, rows: [{ ...failed, ends: [first, first, ...settled.ends] }] }))).toEqual([
      'wrong: ends of run run-1',
    ]);
    expect(found(evidence({ chain, rows: [failed] }))).toEqual(['wrong: ends of run run-1']);
    expect(found(evidence({ chain, rows: [{ ...failed, ends: [first] }] }))).toEqual([
      'wrong: ends of the closing run',
    ]);
  });
});

test('a run that handed on has no end of its own', () => {
  const chain = chainOf(
    run({ status: 'FAILED', handedOnTo: 'run-2' }),
    run({ runId: 'run-2', startedAt: 2_000_000n, activities: 0 }),
  );
  const ends = [
    { run_id: 'run-1', status: 'failed', source: 'watch' },
    { run_id: 'run-2', status: 'completed', source: 'watch' },
  ];
  const runs = ends.map(({ run_id, status }) => ({ run_id, status }));
  expect(found(evidence({ chain, rows: [row({ closing_run_id: 'run-2', run_count: 2, ends, runs })] }))).toEqual([
    'wrong: end of run run-1',
  ]);
});

test('what Temporal did not do as it was meant to is told apart from what the ledger got wrong', () => {
  const failed = chainOf(run({ status: 'FAILED' }));
  const rightly = row({
    status: 'failed',
    ends: [{ run_id: 'run-1', status: 'failed', source: 'watch' }],
    runs: [{ run_id: 'run-1', status: 'failed' }],
  });
  expect(found(evidence({ chain: failed, rows: [rightly] }))).toEqual(['unintended: status']);
  const [want] = evidence().expected;
  const more = want ? [{ ...want, runs: 4 }] : [];
  expect(found(evidence({ expected: more }))).toEqual(['unintended: runs']);
  expect(found(evidence({ chains: new Map(), rows: [] }))).toEqual(['unintended: chain of run run-1']);
  const twice = evidence();
  twice.chains.set('order-1/run-7', chainOf(run({ runId: 'run-7', firstRunId: 'run-7' })));
  expect(found(twice)).toEqual(['unintended: a chain that nobody asked for']);
});

test('an ended execution without a whole timeline, or with another count of activities, is found out', () => {
  expect(found(evidence({ timelines: null }))).toEqual(['wrong: timeline']);
  expect(found(evidence({ timelines: new Map([['row-1', { state: 'pending', activities: null }]]) }))).toEqual([
    'wrong: timeline',
    'wrong: activities',
  ]);
  expect(found(evidence({ timelines: new Map([['row-1', { state: 'complete', activities: 3 }]]) }))).toEqual([
    'wrong: activities',
  ]);
});
