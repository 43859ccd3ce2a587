import { expect, test } from 'vitest';
import { unsettled } from '../fixtures/rows.ts';
import { engineTarget } from './engine-target.ts';

test('a chain is read from the newest run that the ledger knows', () => {
  const row = unsettled({ firstRunId: 'run-1', currentRunId: 'run-3', runCount: 3 });
  expect(engineTarget(row)).toMatchObject({ firstRunId: 'run-1', known: { runId: 'run-3' } });
  expect(engineTarget(row).whole).toBeUndefined();
  expect(engineTarget(unsettled({ firstRunId: 'run-1', currentRunId: 'run-1', runCount: 1 })).whole).toBeUndefined();
  expect(engineTarget(unsettled({ firstRunId: null, currentRunId: null })).whole).toBeUndefined();
});

test('one that was registered by a later run is read whole until its earlier runs are written', () => {
  // The first run is corrected in a call of its own; what was to follow may have failed.
  const row = unsettled({ firstRunId: 'run-1', currentRunId: 'run-2', runCount: 1 });
  expect(engineTarget(row)).toMatchObject({ firstRunId: 'run-1', known: { runId: 'run-2' }, whole: true });
});
