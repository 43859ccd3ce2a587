import type { Workflow } from '@runledger/contracts';
import type { DemoWorkflow } from './definitions.ts';
import { DEMO_TASK_QUEUE, DEMO_WORKFLOWS } from './definitions.ts';
import type { SignedIn } from './sign-in.ts';

export interface CatalogEntry extends DemoWorkflow {
  workflow: Workflow;
}

/** Defines what is not defined yet, as the first of the users, through the API like anybody. What is there stays as it is. */
export async function defineWorkflows(owner: SignedIn, namespace: string): Promise<CatalogEntry[]> {
  const own = (await owner.client.workflow.list.query()).filter(
    (known) =>
      known.userId === owner.id && known.temporalNamespace === namespace && known.taskQueue === DEMO_TASK_QUEUE,
  );
  const entries: CatalogEntry[] = [];
  for (const demo of DEMO_WORKFLOWS) {
    const workflow =
      own.find((known) => known.workflowType === demo.definition.workflowType) ??
      (await owner.client.workflow.create.mutate({ ...demo.definition, temporalNamespace: namespace }));
    entries.push({ ...demo, workflow });
  }
  return entries;
}
