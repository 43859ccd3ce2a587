import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { OpenExecution } from './follower-protocol.ts';
import type { BenchLedger } from './ledger.ts';

/** Starts at once; more do not make Temporal quicker. */
const CONCURRENCY = 20;
/** The reconciler's default period: checks that were due long ago are spread over it. */
const CHECKED_WITHIN = '300 seconds';

type Run = Omit<OpenExecution, 'executionId'>;

/** Starts workflows that nobody serves, so that they stay open and cost nothing. */
export async function startRuns(client: Client, count: number, executionTimeoutMs?: number): Promise<Run[]> {
  const runs: Run[] = [];
  let left = count;
  const starter = async () => {
    while (left > 0) {
      left -= 1;
      const workflowId = `bench-${randomUUID()}`;
      const { firstExecutionRunId: runId } = await client.workflow.start('bench', {
        workflowId,
        taskQueue: 'nobody',
        ...(executionTimeoutMs ? { workflowExecutionTimeout: executionTimeoutMs } : {}),
      });
      runs.push({ workflowId, runId });
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, starter));
  return runs;
}

/** Id of the workflow of which all executions are. */
export async function benchWorkflow({ database }: BenchLedger): Promise<string> {
  await database.exec(`insert into runledger.users (id) values ('bench') on conflict do nothing`);
  const find = `select id from runledger.workflows where name = 'bench'`;
  const make = `insert into runledger.workflows (user_id, name, workflow_type, task_queue)
     values ('bench', 'bench', 'bench', 'nobody') returning id`;
  const [known] = await database.query<{ id: string }>(find);
  const [workflow] = known ? [known] : await database.query<{ id: string }>(make);
  if (!workflow) throw new Error('the workflow of the benchmark was not inserted');
  return workflow.id;
}

/** Registers runs as executions of one workflow, all at once, through the ledger's triggers. */
export async function registerRuns(ledger: BenchLedger, runs: Run[]): Promise<OpenExecution[]> {
  const { database } = ledger;
  const workflow = await benchWorkflow(ledger);
  const executions = await database.query<OpenExecution>(
    `insert into runledger.workflow_executions
       (workflow_id, created_by, temporal_namespace, temporal_workflow_id, temporal_run_id)
     select $1, 'bench', 'default', run.workflow_id, run.run_id
       from unnest($2::text[], $3::text[]) as run (workflow_id, run_id)
     returning id as "executionId", temporal_workflow_id as "workflowId", temporal_run_id as "runId"`,
    [workflow, runs.map((run) => run.workflowId), runs.map((run) => run.runId)],
  );
  await database.exec(`
    update runledger.execution_checks set next_check_at = now() + random() * interval '${CHECKED_WITHIN}'
      where last_check_at is null;
    analyze runledger.workflow_executions, runledger.execution_checks`);
  return executions;
}

/** Leaves no work behind for whoever follows next: the naive follower makes no timelines. */
export async function skipTimelines({ database }: BenchLedger): Promise<void> {
  await database.exec(
    `update runledger.execution_timelines set state = 'missing', read_at = now() where state = 'pending'`,
  );
}
