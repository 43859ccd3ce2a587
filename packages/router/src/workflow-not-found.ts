import { ExecutionError } from '@runledger/contracts';

export function workflowNotFound(id: string): ExecutionError {
  return new ExecutionError(
    'not_found',
    `There is no workflow ${id} that you may use; see workflow.list for those you may.`,
  );
}
