import type { ListData } from './list-data.ts';
import { KIND_OF_FAILURE } from './list-data.ts';
import type { ListPage } from './page-cost.ts';

interface Gate {
  list: (data: ListData) => ListPage;
  atMost: number;
  index?: string;
}

/** Pages of everybody's executions, as operators ask for them. */
export const EVERYBODYS: Record<string, Gate> = {
  'everybody’s': { list: () => ({ everybody: true }), atMost: 300, index: 'started' },
  'everybody’s, of a status that none has': {
    list: () => ({ everybody: true, filter: { status: ['terminated'] } }),
    atMost: 300,
    index: 'status',
  },
  'everybody’s, of several statuses': {
    list: () => ({ everybody: true, filter: { status: ['failed', 'timed_out', 'running'] } }),
    atMost: 2_000,
  },
  'everybody’s, of a kind of failure': {
    list: () => ({ everybody: true, filter: { failureGroup: KIND_OF_FAILURE } }),
    atMost: 2_000,
    index: 'failure',
  },
  'everybody’s that are lost: none': {
    list: () => ({ everybody: true, filter: { health: ['lost'] } }),
    atMost: 2_000,
    index: 'reported',
  },
  'everybody’s, by end': { list: () => ({ everybody: true, orderBy: 'completed_at' }), atMost: 5_000 },
  'everybody’s, by run time': { list: () => ({ everybody: true, orderBy: 'duration' }), atMost: 5_000 },
  'everybody’s, by how long they took': {
    list: () => ({ everybody: true, filter: { minDurationMs: 599_900 } }),
    atMost: 5_000,
  },
  'those of three users': {
    list: () => ({ everybody: true, filter: { userIds: ['user 3', 'user 5', 'unlucky'] } }),
    atMost: 2_000,
  },
  'those that failed of three users': {
    list: () => ({ everybody: true, filter: { userIds: ['user 3', 'user 5', 'wordy'], status: ['failed'] } }),
    atMost: 2_000,
  },
  'those of three users in a workflow, for its owner': {
    list: ({ workflowIds }) => ({ workflow: workflowIds[0] as string, filter: { userIds: ['user 3', 'wordy'] } }),
    atMost: 2_000,
  },
  'everybody’s that were imported: none': {
    list: () => ({ everybody: true, filter: { origin: ['import'] } }),
    atMost: 5_000,
  },
  'a user’s own, of somebody else': {
    list: ({ ada }) => ({ user: ada.id, filter: { userIds: ['user 3', 'user 5'] } }),
    atMost: 50,
  },
};
