import type { ReadProof } from '@runledger/contracts';
import { proofProblems, unprovenProblems } from '@runledger/contracts';
import { formatDuration } from '@runledger/contracts/format-duration';
import { MONITOR_VERSION, monitorTaskQueue, monitorWorkflowId } from '@runledger/monitor';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Check } from './doctor-check.ts';
import { readProof } from './read-proof.ts';
import type { CommandContext } from './run-command.ts';

const START_WORKER = 'Start a worker: node apps/worker/src/main.ts.';
const DEADLINE_MS = 10_000;

/** Whether the monitor's workflow runs, workers poll for it, and it publishes. */
export async function checkMonitor(context: CommandContext): Promise<Check[]> {
  const [workflow, proof] = await Promise.all([
    describeMonitor(context),
    readProof(context.connections.ledger, context.namespace).catch(() => null),
  ]);
  const queue = workflow?.taskQueue ?? monitorTaskQueue(context.env.RUNLEDGER_TASK_QUEUE);
  return [workflowCheck(workflow, context.namespace), await pollersCheck(context, queue), ...proofChecks(proof)];
}

/** Namespaces with unsettled executions that nobody follows, except `looked`, of which the other checks speak. */
export async function checkNamespaces({ connections }: CommandContext, looked: readonly string[]): Promise<Check[]> {
  // Its own checks report a ledger that refuses to answer.
  const unproven = await connections.ledger.unprovenNamespaces().catch(() => []);
  return unprovenProblems(unproven, looked).map((says) => ({ level: 'wrong', about: 'Namespaces', says }));
}

async function describeMonitor({
  connections,
  namespace,
}: CommandContext): Promise<WorkflowExecutionDescription | null> {
  const { workflow } = new Client({ connection: connections.temporal, namespace });
  try {
    return await workflow.withDeadline(Date.now() + DEADLINE_MS, () =>
      workflow.getHandle(monitorWorkflowId(namespace)).describe(),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

function workflowCheck(workflow: WorkflowExecutionDescription | null, namespace: string): Check {
  const about = 'Monitor';
  const id = monitorWorkflowId(namespace);
  if (!workflow) return { level: 'wrong', about, says: `the workflow ${id} was never started`, advice: START_WORKER };
  if (workflow.status.name !== 'RUNNING') {
    const says = `the workflow ${id} is ${workflow.status.name.toLowerCase()}`;
    return { level: 'wrong', about, says, advice: `${START_WORKER} It starts the workflow again.` };
  }
  const version = workflow.memo?.version;
  const says = `the workflow ${id} runs${typeof version === 'number' ? `, for workers of version ${version}` : ''}`;
  if (typeof version !== 'number' || version === MONITOR_VERSION) return { level: 'ok', about, says };
  const theirs = version > MONITOR_VERSION ? 'newer' : 'older';
  const advice = `This command is of version ${MONITOR_VERSION}. Deploy the worker and this command from one release.`;
  return { level: 'warning', about, says: `${says}, which is ${theirs} than this command`, advice };
}

/** The identities of those who poll a queue for workflow tasks. */
export async function queuePollers(
  { temporal }: CommandContext['connections'],
  namespace: string,
  queue: string,
): Promise<string[]> {
  const { pollers } = await temporal.withDeadline(Date.now() + DEADLINE_MS, () =>
    // 1: workflow tasks. A worker whose one activity slot is taken does not ask for activities.
    temporal.workflowService.describeTaskQueue({ namespace, taskQueue: { name: queue }, taskQueueType: 1 }),
  );
  return [...new Set((pollers ?? []).map(({ identity }) => identity ?? ''))].sort();
}

async function pollersCheck({ connections, namespace }: CommandContext, queue: string): Promise<Check> {
  const about = 'Workers';
  const identities = await queuePollers(connections, namespace, queue);
  if (identities.length === 0) {
    return { level: 'wrong', about, says: `nobody polls the task queue ${queue}`, advice: START_WORKER };
  }
  const says = `${identities.length} of them ${identities.length === 1 ? 'polls' : 'poll'} ${queue}: ${identities.join(', ')}`;
  if (identities.length > 1) return { level: 'ok', about, says };
  return { level: 'ok', about, says: `${says}; a second one would take over at once when it dies` };
}

function proofChecks(read: ReadProof | null): Check[] {
  const about = 'Proof';
  const advice = 'See "runledger status", and the log of the worker.';
  // Its own check reports a ledger that does not answer.
  if (!read) return [];
  const problems = proofProblems(read);
  if (read.kind !== 'proof' || problems.length > 0)
    return problems.map((says) => ({ level: 'wrong' as const, about, says, advice }));
  const { proof } = read;
  const age = formatDuration(Date.now() - Date.parse(proof.at));
  return [
    {
      level: 'ok',
      about,
      says: `published ${age} ago by ${proof.monitor.identity}, ${proof.open} open, none diverges`,
    },
  ];
}
