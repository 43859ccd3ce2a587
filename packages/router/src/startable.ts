import type { Startable } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';

/** Refuses what the host does not let users start. */
export type RequireStartable = (wanted: Startable) => void;

/** @throws ExecutionError `not_startable` unless (namespace, type, task queue) is listed as one. */
export function createStartableCheck(startable: readonly Startable[]): RequireStartable {
  const listed = new Set(startable.map(toKey));
  return (wanted) => {
    if (listed.has(toKey(wanted))) return;
    const { namespace, workflowType, taskQueue } = wanted;
    throw new ExecutionError(
      'not_startable',
      `This host does not start ${workflowType} on task queue ${taskQueue} in namespace ${namespace}; ask its operator to list it as startable.`,
    );
  };
}

function toKey({ namespace, workflowType, taskQueue }: Startable): string {
  return JSON.stringify([namespace, workflowType, taskQueue]);
}
