import type { AdoptionRule, CreateWorkflowInput } from '@runledger/contracts';
import {
  ADOPTED_TYPE,
  MEMO_ADOPTED_TYPE,
  SCHEDULED_TYPE,
  SCRIPT_TYPE,
  TASK_QUEUE,
  USER_ATTRIBUTE,
  USER_MEMO,
} from '../steps.ts';

const define = (name: string, more: Partial<CreateWorkflowInput> = {}): CreateWorkflowInput => ({
  ...{ name, workflowType: SCRIPT_TYPE, taskQueue: TASK_QUEUE, visibility: 'published' },
  ...more,
});

/** What the users may start, and what adopted executions belong to. */
export const DEFINITIONS = {
  plain: define('Plain'),
  shortRun: define('Short run', { runTimeout: '2s' }),
  shortExecution: define('Short execution', { executionTimeout: '2s' }),
  retried: define('Retried', { retryPolicy: { maximumAttempts: 3, initialInterval: '300ms', backoffCoefficient: 1 } }),
  adopted: define('Adopted', { workflowType: ADOPTED_TYPE }),
  memoAdopted: define('Adopted by memo', { workflowType: MEMO_ADOPTED_TYPE }),
  scheduled: define('Scheduled', { workflowType: SCHEDULED_TYPE }),
} as const satisfies Record<string, CreateWorkflowInput>;
export type DefinitionName = keyof typeof DEFINITIONS;

export const startable = () =>
  [SCRIPT_TYPE, ADOPTED_TYPE, MEMO_ADOPTED_TYPE, SCHEDULED_TYPE].map((workflowType) => ({
    workflowType,
    taskQueue: TASK_QUEUE,
  }));

/** Scripts of the type `script` are nobody's: who starts one in Temporal announces it, or it is a stranger. */
export const adoptionRules = (workflowOwner: string, scheduleOwner: string): AdoptionRule[] => [
  { workflowType: ADOPTED_TYPE, taskQueue: TASK_QUEUE, user: { searchAttribute: USER_ATTRIBUTE }, workflowOwner },
  { workflowType: MEMO_ADOPTED_TYPE, taskQueue: TASK_QUEUE, user: { memo: USER_MEMO }, workflowOwner },
  { workflowType: SCHEDULED_TYPE, taskQueue: TASK_QUEUE, user: { userId: scheduleOwner }, workflowOwner },
];
