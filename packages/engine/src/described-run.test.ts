import proto from '@temporalio/proto';
import { expect, test } from 'vitest';
import { closedStatus, readDescribedRun } from './described-run.ts';

const { WorkflowExecutionStatus } = proto.temporal.api.enums.v1;

test('each status that Temporal has is one of ours, and only those that are over are closed', () => {
  const read = Object.values(WorkflowExecutionStatus)
    .filter((status) => typeof status === 'number')
    .map((status) => {
      const { status: name } = readDescribedRun({ workflowExecutionInfo: { status } });
      return [name, closedStatus(name)];
    });
  expect(Object.fromEntries(read)).toEqual({
    UNSPECIFIED: null,
    RUNNING: null,
    COMPLETED: 'completed',
    FAILED: 'failed',
    CANCELED: 'cancelled',
    TERMINATED: 'terminated',
    CONTINUED_AS_NEW: 'continued_as_new',
    TIMED_OUT: 'timed_out',
    PAUSED: null,
  });
});

test('a status of a later server, and a name that every object has, is not an end', () => {
  expect(readDescribedRun({ workflowExecutionInfo: { status: 99 as never } }).status).toBe('99');
  expect([closedStatus('99'), closedStatus('constructor')]).toEqual([null, null]);
});

test('whether it was asked to cancel is unknown where the server does not say, which is not "no"', () => {
  expect(readDescribedRun({ workflowExecutionInfo: {} }).cancelRequested).toBeNull();
  expect(readDescribedRun({ workflowExtendedInfo: {} }).cancelRequested).toBe(false);
  expect(readDescribedRun({ workflowExtendedInfo: { cancelRequested: true } }).cancelRequested).toBe(true);
});
