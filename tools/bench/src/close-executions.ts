import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { OpenExecution } from './follower-protocol.ts';

const REASON = 'closed by the benchmark';

/** Terminates executions one by one at a fixed rate: each at its own moment, however long the one before it took. */
export async function closeAtRate(client: Client, executions: OpenExecution[], perSecond: number): Promise<void> {
  const began = performance.now();
  const closing: Promise<unknown>[] = [];
  for (const [n, { workflowId, runId }] of executions.entries()) {
    const wait = began + (n * 1_000) / perSecond - performance.now();
    if (wait > 0) await pause(wait);
    closing.push(client.workflow.getHandle(workflowId, runId).terminate(REASON));
  }
  await Promise.all(closing);
}

/** Terminates them as fast as Temporal does it. */
export async function closeAll(client: Client, executions: OpenExecution[]): Promise<void> {
  const left = executions.values();
  const closer = async () => {
    for (const { workflowId, runId } of left) await client.workflow.getHandle(workflowId, runId).terminate(REASON);
  };
  await Promise.all(Array.from({ length: 20 }, closer));
}
