/** The process that runs the kit's workflows, and reports for those that report themselves. */
import { fileURLToPath } from 'node:url';
import { connectSupabase, createExecutionService } from '@runledger/execution-service';
import { createReportActivities } from '@runledger/monitor';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { carry, work } from '../activities.ts';
import { TASK_QUEUE } from '../steps.ts';
import { readWorkflowEnv } from './env.ts';

const env = readWorkflowEnv();
Runtime.install({ shutdownSignals: ['SIGTERM', 'SIGINT'] });
const connection = await NativeConnection.connect({ address: env.TEMPORAL_ADDRESS });
const service = createExecutionService(connectSupabase({ url: env.SUPABASE_URL, key: env.SUPABASE_SERVICE_ROLE_KEY }));
const worker = await Worker.create({
  connection,
  taskQueue: TASK_QUEUE,
  workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
  activities: { carry, work, ...createReportActivities({ service }) },
  // A task of a worker that was killed waits so long for it before another one may have it.
  stickyQueueScheduleToStartTimeout: '2 s',
  shutdownGraceTime: '2 s',
});
console.log(JSON.stringify({ msg: 'ready', taskQueue: TASK_QUEUE }));
await worker.run();
await connection.close();
