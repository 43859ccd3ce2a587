import { readFile } from 'node:fs/promises';
import { Startable } from '@runledger/contracts';
import { connectSupabase, createWorkflowService } from '@runledger/execution-service';
import { z } from 'zod';
import type { Secrets } from './local-state.ts';

const Startables = z.array(Startable.partial({ namespace: true }));

/** A definition of each workflow that users may start, for all of them, where the user of this machine has none of it. */
export async function defineWorkflows(
  { url, anonKey, serviceRoleKey }: { url: string; anonKey: string; serviceRoleKey: string },
  { user }: Secrets,
  { startable, namespace }: { startable: string; namespace: string },
): Promise<void> {
  const answer = await fetch(`${url}/auth/v1/token?grant_type=password`, {
    method: 'POST',
    headers: { apikey: anonKey, 'content-type': 'application/json' },
    body: JSON.stringify(user),
  });
  const { user: signedIn } = (await answer.json()) as { user?: { id: string } };
  if (!signedIn) return;
  const text = startable.trimStart().startsWith('[') ? startable : await readFile(startable, 'utf8');
  const workflows = createWorkflowService(connectSupabase({ url, key: serviceRoleKey }));
  const { items } = await workflows.listWorkflows(signedIn.id, { limit: 200 });
  const isDefined = (one: { workflowType: string; taskQueue: string }) =>
    items.some(({ workflowType, taskQueue }) => workflowType === one.workflowType && taskQueue === one.taskQueue);
  for (const { workflowType, taskQueue, namespace: temporalNamespace = namespace } of Startables.parse(
    JSON.parse(text),
  ))
    if (!isDefined({ workflowType, taskQueue }))
      await workflows.createWorkflow(
        signedIn.id,
        { name: workflowType, workflowType, taskQueue, temporalNamespace, visibility: 'published' },
        { mayPublish: true },
      );
}
