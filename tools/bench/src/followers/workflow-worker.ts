/** A worker that runs the short workflows, in a process of its own. It follows nothing. */
import { fileURLToPath } from 'node:url';
import { connectSupabase, createExecutionService } from '@runledger/execution-service';
import { freePort } from '@runledger/local-stack';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createRecordActivities } from '../record-activities.ts';
import { SHORT_TASK_QUEUE } from '../short-executions.ts';
import { readRequests } from '../worker-requests.ts';
import { answer } from './answer.ts';

answer(async ({ temporalAddress: address, supabaseUrl, supabaseKey }) => {
  const metrics = `127.0.0.1:${await freePort()}`;
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: {
      metrics: { prometheus: { bindAddress: metrics } },
      // Not the tasks of workflows that were ended from outside meanwhile.
      logging: { filter: 'ERROR', console: {} },
    },
  });
  const worker = await Worker.create({
    connection: await NativeConnection.connect({ address }),
    taskQueue: SHORT_TASK_QUEUE,
    workflowsPath: fileURLToPath(new URL('../workflows/short.ts', import.meta.url)),
    activities: createRecordActivities(createExecutionService(connectSupabase({ url: supabaseUrl, key: supabaseKey }))),
  });
  void worker.run();
  return { gaveUp: () => 0, more: () => readRequests(`http://${metrics}/metrics`) };
});
