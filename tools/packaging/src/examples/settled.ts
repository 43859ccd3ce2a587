import type { RouterOutputs, RunledgerClient } from '@runledger/client';
import type { RunningScript } from './run-script.ts';

type Details = RouterOutputs['execution']['getExecution'];

/** Waits until an execution has ended. @throws Error with the output of what should run it, where that has ended instead */
export async function settled(client: RunledgerClient, id: string, by: RunningScript): Promise<Details> {
  let hasEnded = false;
  void by.succeeded().then(
    () => (hasEnded = true),
    () => (hasEnded = true),
  );
  for (;;) {
    const execution = await client.execution.getExecution.query({ id });
    if (!['pending', 'running'].includes(execution.status)) return execution;
    if (hasEnded) throw new Error(`Nothing runs it any more:\n${by.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
