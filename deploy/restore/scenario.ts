/** A ledger that is backed up in the middle of work, goes on, is lost, and is restored as it was at the backup. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { connectSupabase, createExecutionService } from '@runledger/execution-service';
import type { LocalSupabase, Postgres } from '@runledger/local-stack';
import { startSupabase, startTemporal } from '@runledger/local-stack';
import { Client, Connection } from '@temporalio/client';

const WORKER = fileURLToPath(new URL('../../apps/worker/src/main.ts', import.meta.url));
/** Whose they are stands in the memo that the API gives what it starts: executions that only Temporal remembers come back by it. */
const RULES = JSON.stringify([{ workflowType: 'order', user: { memo: 'runledgerUser' } }]);

export interface RestoreReport {
  /** Statuses in the restored ledger, once the monitor has caught up. */
  statuses: Record<'endedBefore' | 'endedAfter' | 'openStill' | 'startedAfter', string | undefined>;
  /** How often each end is in the history of the restored ledger. */
  ends: number[];
  /** What was deleted after the backup, and is there again. */
  deletedIsBack: boolean;
  /** Counters that differ from the rows. */
  differences: number;
  /** An execution that begins and ends after the restore. */
  afterwards: string | undefined;
}

interface RestoreOptions {
  postgres: Postgres;
  /** Takes the backup of the database `ledger` of that server. */
  backUp(): Promise<void>;
  /** A server with the database as it was then. The first one is gone. */
  restore(): Promise<Postgres>;
}

export async function restoreMidFlight({ postgres, backUp, restore }: RestoreOptions): Promise<RestoreReport> {
  await using temporal = await startTemporal({ address: null });
  const connection = await Connection.connect({ address: temporal.address });
  const client = new Client({ connection });
  const start = async () => {
    const workflowId = randomUUID();
    const memo = { runledgerUser: 'anna' };
    const handle = await client.workflow.start('order', { workflowId, taskQueue: 'nobody', args: [], memo });
    return { workflowId, handle };
  };
  try {
    const endedBefore = await start();
    const [endedAfter, openStill, deleted] = [await start(), await start(), await start()];
    await postgres.createDatabase('ledger');
    const startedAfter = await (async () => {
      await using supabase = await startSupabase({ database: { kind: 'postgres', url: postgres.url('ledger') } });
      await supabase.database.query(`insert into runledger.users (id) values ('anna')`);
      const [row] = await supabase.database.query<{ id: string }>(
        `insert into runledger.workflows (user_id, name, workflow_type, task_queue)
         values ('anna', 'Order', 'order', 'nobody') returning id`,
      );
      const service = serviceOf(supabase);
      const record = ({ workflowId, handle }: Awaited<ReturnType<typeof start>>) =>
        service.createExecution({
          ...{ workflowId: row?.id ?? '', userId: 'anna' },
          ...{ temporalWorkflowId: workflowId, temporalRunId: handle.firstExecutionRunId },
        });
      await using _ = startWorker(supabase, temporal.address);
      for (const execution of [endedBefore, endedAfter, openStill, deleted]) await record(execution);
      await endedBefore.handle.terminate('before the backup');
      await until(async () => (await statusOf(supabase, endedBefore.workflowId)) === 'terminated');
      await backUp();
      const late = await start();
      await record(late);
      for (const { handle } of [endedAfter, late, deleted]) await handle.terminate('after the backup');
      await until(async () => (await statusOf(supabase, late.workflowId)) === 'terminated');
      await until(async () => (await statusOf(supabase, endedAfter.workflowId)) === 'terminated');
      await supabase.database.query(`delete from runledger.workflow_executions where temporal_workflow_id = $1`, [
        deleted.workflowId,
      ]);
      return late;
    })();
    await postgres.stop();

    await using restored = await restore();
    await using supabase = await startSupabase({
      database: { kind: 'postgres', url: restored.url('ledger') },
      migrate: false,
    });
    await using _ = startWorker(supabase, temporal.address);
    for (const { workflowId } of [endedAfter, startedAfter])
      await until(async () => (await statusOf(supabase, workflowId)) === 'terminated');
    const afterwards = await start();
    await until(async () => (await statusOf(supabase, afterwards.workflowId)) === 'running');
    await afterwards.handle.terminate('after the restore');
    await until(async () => (await statusOf(supabase, afterwards.workflowId)) === 'terminated');
    const { database } = supabase;
    const ends = await database.query<{ n: number }>(
      `select count(*)::int n from runledger.execution_transitions
        where runledger_private.is_end(to_status) group by execution_id`,
    );
    const [differing] = await database.query<{ n: number }>(
      `select count(*)::int n from runledger.verify_execution_stats()`,
    );
    return {
      statuses: {
        endedBefore: await statusOf(supabase, endedBefore.workflowId),
        endedAfter: await statusOf(supabase, endedAfter.workflowId),
        openStill: await statusOf(supabase, openStill.workflowId),
        startedAfter: await statusOf(supabase, startedAfter.workflowId),
      },
      ends: ends.map(({ n }) => n),
      deletedIsBack: (await statusOf(supabase, deleted.workflowId)) !== undefined,
      differences: differing?.n ?? -1,
      afterwards: await statusOf(supabase, afterwards.workflowId),
    };
  } finally {
    await connection.close();
  }
}

const serviceOf = ({ url, serviceRoleKey: key }: LocalSupabase) =>
  createExecutionService(connectSupabase({ url, key }));

async function statusOf({ database }: LocalSupabase, workflowId: string): Promise<string | undefined> {
  const [row] = await database.query<{ status: string }>(
    `select status from runledger.workflow_executions where temporal_workflow_id = $1`,
    [workflowId],
  );
  return row?.status;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 100));
}

/** The worker of the product, as a process. */
function startWorker({ url, serviceRoleKey }: LocalSupabase, temporalAddress: string): AsyncDisposable {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const env = {
    ...{ PATH, NODE_COMPILE_CACHE, SUPABASE_URL: url, SUPABASE_SERVICE_ROLE_KEY: serviceRoleKey },
    ...{ TEMPORAL_ADDRESS: temporalAddress, RUNLEDGER_ADOPTION: RULES, RUNLEDGER_RECONCILE_PERIOD_MS: '5000' },
  };
  const child = spawn(process.execPath, [WORKER], { env, stdio: 'ignore' });
  return {
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'close');
      if (!child.kill('SIGTERM')) return;
      await ended;
    },
  };
}
