import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { CatalogEntry } from './catalog.ts';
import type { SignedIn } from './sign-in.ts';
import { approve } from './workflows/order.ts';

export interface StartedExecution {
  id: string;
  user: SignedIn;
  workflowName: string;
}

export interface TrafficOptions {
  users: SignedIn[];
  catalog: CatalogEntry[];
  perMinute: number;
  temporal: { address: string; namespace: string };
  onStart(started: StartedExecution): void;
  onError(error: unknown): void;
}

const pick = <T>(from: T[]): T => from[Math.floor(Math.random() * from.length)] as T;

const needsApproval = (input: unknown) => ((input as { quantity?: number }).quantity ?? 0) >= 10;

/** Several users start workflows through the API; orders get their approval, some videos are cancelled half-way. */
export async function runTraffic(options: TrafficOptions, signal: AbortSignal): Promise<void> {
  const { users, catalog, perMinute } = options;
  if (perMinute === 0) return;
  const { address, namespace } = options.temporal;
  const connection = Connection.lazy({ address });
  const temporal = new Client({ connection, namespace });
  const weighted = catalog.flatMap((entry) => Array<CatalogEntry>(entry.weight).fill(entry));
  const backOffice = new Set<Promise<void>>();

  async function approveOrder(id: string): Promise<void> {
    await pause(1_000 + Math.random() * 3_000, undefined, { signal });
    await temporal.withAbortSignal(signal, () => temporal.workflow.getHandle(id).signal(approve, 'the back office'));
  }
  async function changeOfMind({ id, user }: StartedExecution): Promise<void> {
    await pause(2_000, undefined, { signal });
    await user.client.execution.cancelExecution.mutate({ id, reason: 'not needed any more' }, { signal });
  }
  function later(work: Promise<void>): void {
    const done: Promise<void> = work
      .catch((error: unknown) => {
        if (!signal.aborted) options.onError(error);
      })
      .finally(() => backOffice.delete(done));
    backOffice.add(done);
  }

  // The first is a short one, so that there is soon an end to see.
  let entry = catalog.find(({ workflow }) => workflow.workflowType === 'documentPipeline') ?? pick(weighted);
  while (!signal.aborted) {
    const user = pick(users);
    const input = pick(entry.inputs);
    try {
      const execution = await user.client.execution.createExecution.mutate(
        { workflowId: entry.workflow.id, input, tags: ['demo'] },
        { signal },
      );
      const started = { id: execution.id, user, workflowName: entry.workflow.name };
      options.onStart(started);
      if (needsApproval(input)) later(approveOrder(execution.id));
      if (entry.workflow.workflowType === 'transcodeVideo' && Math.random() < 0.5) later(changeOfMind(started));
    } catch (error) {
      if (!signal.aborted) options.onError(error);
    }
    entry = pick(weighted);
    await pause((60_000 / perMinute) * (0.5 + Math.random()), undefined, { signal }).catch(() => {});
  }
  await Promise.allSettled(backOffice);
  await connection.close();
}
