/** The obvious way: one `result()` per execution over the SDK's default connection, and the same record after it. */
import { setTimeout as pause } from 'node:timers/promises';
import { createEngine } from '@runledger/engine';
import { connectSupabase, createLedger } from '@runledger/execution-service';
import { Client, Connection, ServiceError } from '@temporalio/client';
import type { OpenExecution } from '../follower-protocol.ts';
import { answer } from './answer.ts';

/** Waits begun at once, so that the beginning itself stays below Temporal's rate limit. */
const GROUP = 100;

answer(async ({ temporalAddress: address, supabaseUrl, supabaseKey, executions, insists }) => {
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  const engine = createEngine({ connection });
  const ledger = createLedger(connectSupabase({ url: supabaseUrl, key: supabaseKey }));
  let gaveUp = 0;

  /** Answers whether it has ended; how, the record says. */
  async function waitForEnd({ workflowId, runId }: OpenExecution): Promise<boolean> {
    try {
      await client.workflow.getHandle(workflowId, runId).result();
    } catch (error) {
      if (error instanceof ServiceError) return false;
    }
    return true;
  }

  async function record({ executionId, workflowId, runId }: OpenExecution): Promise<void> {
    const resolution = await engine.resolve({
      namespace: 'default',
      temporalWorkflowId: workflowId,
      firstRunId: runId,
    });
    if (resolution.kind !== 'closed') throw new Error(`${workflowId} has not closed`);
    await ledger.recordOutcomes([{ executionId, source: 'watch', outcome: resolution.outcome }]);
  }

  async function follow(execution: OpenExecution): Promise<void> {
    while (!(await waitForEnd(execution))) {
      gaveUp += 1;
      if (!insists) return;
      await pause(1_000);
    }
    await record(execution);
  }

  for (let start = 0; start < executions.length; start += GROUP) {
    for (const execution of executions.slice(start, start + GROUP)) {
      follow(execution).catch((error: unknown) => console.error(error));
    }
    await pause(100);
  }
  return { gaveUp: () => gaveUp };
});
