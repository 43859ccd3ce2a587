import type { Workflow } from '@runledger/contracts';
import type { DemoWorkflow } from './definitions.ts';
import { DEMO_WORKFLOWS } from './definitions.ts';
import type { SignedIn } from './sign-in.ts';

export interface CatalogEntry extends DemoWorkflow {
  workflow: Workflow;
}

/** Defines what is not defined yet, as the first of the users, through the API like anybody. */
export async function defineWorkflows(owner: SignedIn, namespace: string): Promise<CatalogEntry[]> {
  const defined = await owner.client.workflow.list.query();
  const entries: CatalogEntry[] = [];
  for (const demo of DEMO_WORKFLOWS) {
    const workflow =
      defined.find((known) => known.workflowType === demo.definition.workflowType) ??
      (await owner.client.workflow.create.mutate({ ...demo.definition, temporalNamespace: namespace }));
    entries.push({ ...demo, workflow });
  }
  return entries;
}
