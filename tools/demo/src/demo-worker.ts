/** The process that runs the demo's workflows. */
import { fileURLToPath } from 'node:url';
import { workflowBundle } from '@runledger/worker/workflow-bundle';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { activities } from './activities/index.ts';
import { DEMO_TASK_QUEUE } from './definitions.ts';
import { readWorkerEnv } from './env.ts';

const { address, namespace } = readWorkerEnv();
const workflowsPath = fileURLToPath(new URL('./workflows/index.ts', import.meta.url));
Runtime.install({ shutdownSignals: ['SIGTERM', 'SIGINT'] });
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue: DEMO_TASK_QUEUE,
  workflowBundle: await workflowBundle({ workflowsPath, sources: [fileURLToPath(new URL('.', import.meta.url))] }),
  activities,
  shutdownGraceTime: '2 s',
});
console.log(JSON.stringify({ msg: 'ready', taskQueue: DEMO_TASK_QUEUE }));
await worker.run();
await connection.close();
