import type { Connection } from '@temporalio/client';

type Service = Connection['workflowService'];

/** Makes a call on Temporal's workflow service under the deadline. Rejects with gRPC's own error. */
export type TemporalCalls = <T>(call: (service: Service) => Promise<T>) => Promise<T>;

/** Every call of the engine goes through here: none waits longer than `timeoutMs`, retries included. */
export function createTemporalCalls(connection: Connection, timeoutMs: number): TemporalCalls {
  return (call) => connection.withDeadline(Date.now() + timeoutMs, () => call(connection.workflowService));
}
