/** For a worker's `workflowsPath`. Bundled: nothing here may import zod or Node. */
export { runledgerMonitor } from './monitor-workflow.ts';
