import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { connectSupabase, createExecutionService } from '@runledger/execution-service';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { WorkflowFailedError } from '@temporalio/client';
import type { OpenExecution } from './follower-protocol.ts';
import type { BenchLedger } from './ledger.ts';
import { benchWorkflow } from './open-executions.ts';
import type { Course } from './workflows/short.ts';

export const SHORT_TASK_QUEUE = 'short';
/** Executions under way at once. */
const CONCURRENCY = 20;
/** How long an execution is at work before it is ended from outside, and how long one may take that times out. */
const AT_WORK_MS = 500;
const TIMEOUT_MS = 2_000;

const FROM_OUTSIDE = ['terminated', 'timed_out', 'cancelled'] as const;
type End = (typeof FROM_OUTSIDE)[number] | 'completed' | 'failed';
type ShortWorkflow = 'short' | 'shortRecorded';

/** Of ten executions one is ended from outside, in one of three ways, and one fails. */
function endOf(n: number): End {
  if (n % 10 === 0) return FROM_OUTSIDE[(n / 10) % FROM_OUTSIDE.length] ?? 'terminated';
  return n % 10 === 1 ? 'failed' : 'completed';
}

const COURSES: Record<End, Course> = {
  completed: 'completes',
  failed: 'fails',
  terminated: 'goes on',
  timed_out: 'goes on',
  cancelled: 'goes on',
};

/** Resolves when it has closed. */
async function untilClosed(handle: WorkflowHandle, end: End): Promise<void> {
  if (end === 'terminated' || end === 'cancelled') await pause(AT_WORK_MS);
  if (end === 'terminated') await handle.terminate('closed by the benchmark');
  if (end === 'cancelled') await handle.cancel();
  await handle.result().catch((error: unknown) => {
    if (!(error instanceof WorkflowFailedError)) throw error;
  });
}

export interface RanExecutions {
  executions: OpenExecution[];
  perSecond: number;
}

/**
 * Runs `count` executions, a few at a time: a row each, the start, then the run's id in the row. Resolves when all have
 * closed. What waits for its end from outside holds nothing up.
 */
export async function runShortExecutions(
  client: Client,
  ledger: BenchLedger,
  { workflow, count }: { workflow: ShortWorkflow; count: number },
): Promise<RanExecutions> {
  const service = createExecutionService(connectSupabase({ url: ledger.url, key: ledger.key }));
  const registration = { workflowId: await benchWorkflow(ledger), userId: 'bench' };
  const executions: OpenExecution[] = [];
  const fromOutside: Promise<void>[] = [];

  async function runOne(end: End): Promise<void> {
    const temporalWorkflowId = `bench-${randomUUID()}`;
    const { id } = await service.createExecution({ ...registration, temporalWorkflowId });
    const handle = await client.workflow.start(workflow, {
      workflowId: temporalWorkflowId,
      taskQueue: SHORT_TASK_QUEUE,
      args: [id, COURSES[end]],
      ...(end === 'timed_out' ? { workflowExecutionTimeout: TIMEOUT_MS } : {}),
    });
    const runId = handle.firstExecutionRunId;
    await service.createExecution({ ...registration, temporalWorkflowId, temporalRunId: runId });
    executions.push({ executionId: id, workflowId: temporalWorkflowId, runId });
    const closed = untilClosed(handle, end);
    if (COURSES[end] !== 'goes on') return closed;
    closed.catch(() => undefined);
    fromOutside.push(closed);
  }

  const began = performance.now();
  const numbers = Array.from({ length: count }, (_, n) => n).values();
  const runner = async () => {
    for (const n of numbers) await runOne(endOf(n));
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, runner));
  const perSecond = (count * 1_000) / (performance.now() - began);
  await Promise.all(fromOutside);
  return { executions, perSecond };
}
