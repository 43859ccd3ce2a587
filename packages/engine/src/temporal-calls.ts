import type { Connection } from '@temporalio/client';

type Service = Connection['workflowService'];
type Operator = Connection['operatorService'];

/** Makes a call on one of Temporal's services under the deadline. Rejects with gRPC's own error. */
export type TemporalCalls = <T>(call: (service: Service, operator: Operator) => Promise<T>) => Promise<T>;

/** Every call of the engine goes through here: none waits longer than `timeoutMs`, retries included. */
export function createTemporalCalls(connection: Connection, timeoutMs: number): TemporalCalls {
  return (call) =>
    connection.withDeadline(Date.now() + timeoutMs, () => call(connection.workflowService, connection.operatorService));
}
