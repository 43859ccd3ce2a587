import type { Workflow, WorkflowService } from '@runledger/contracts';
import type { DemoWorkflow } from './definitions.ts';
import { DEMO_TASK_QUEUE, DEMO_WORKFLOWS } from './definitions.ts';

export interface CatalogEntry extends DemoWorkflow {
  workflow: Workflow;
}

/**
 * Defines what is not defined yet, as the first of the users; what is there stays as it is. All users may start them,
 * and users may not publish: so the host does it, by the service role.
 */
export async function defineWorkflows(
  workflows: WorkflowService,
  ownerId: string,
  namespace: string,
): Promise<CatalogEntry[]> {
  const own: Workflow[] = [];
  for (let cursor: string | null = null; ; ) {
    const page = await workflows.listWorkflows(ownerId, { limit: 200, cursor });
    own.push(
      ...page.items.filter(
        (known) =>
          known.userId === ownerId && known.temporalNamespace === namespace && known.taskQueue === DEMO_TASK_QUEUE,
      ),
    );
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  const entries: CatalogEntry[] = [];
  for (const demo of DEMO_WORKFLOWS) {
    const definition = { ...demo.definition, temporalNamespace: namespace };
    const workflow =
      own.find((known) => known.workflowType === demo.definition.workflowType) ??
      (await workflows.createWorkflow(ownerId, definition, { mayPublish: true }));
    entries.push({ ...demo, workflow });
  }
  return entries;
}
