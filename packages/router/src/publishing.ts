import type { Workflow } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import type { Caller } from './context.ts';

/** Who publishes workflows, and what publishers see of those who run them. Host configuration. */
export interface Publishing {
  /** Whether a caller may publish workflows, for every user to start. Default: operators only. */
  mayPublish(caller: Caller): boolean;
  /**
   * Whether the owner of a workflow sees others' executions of it: tags, metadata, errors. Default: nobody does. How
   * many there are, how they ended and how long they took, the owner sees in any case.
   */
  maySeeRows(caller: Caller, workflow: Workflow): boolean;
}

export const DEFAULT_PUBLISHING: Publishing = {
  mayPublish: ({ isOperator }) => isOperator === true,
  maySeeRows: () => false,
};

/** @throws ExecutionError `permission_denied` unless the host lets the caller publish */
export function requirePublisher({ mayPublish }: Publishing, caller: Caller): void {
  if (mayPublish(caller)) return;
  throw new ExecutionError(
    'permission_denied',
    'You may not publish workflows on this host, nor change what is published. Keep it private, or ask an operator to publish it.',
  );
}

/** @throws ExecutionError `permission_denied` unless the host shows the caller what others ran of their workflow */
export function requireRows({ maySeeRows }: Publishing, caller: Caller, workflow: Workflow): void {
  if (maySeeRows(caller, workflow)) return;
  const what = 'This host does not show the owner of a workflow what others ran of it, only counts.';
  throw new ExecutionError(
    'permission_denied',
    `${what} getWorkflowStatistics, getTimeSeries and countWorkflowExecutions count all users' executions; listExecutions shows your own.`,
  );
}
