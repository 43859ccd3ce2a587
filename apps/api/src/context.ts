import type { Engine, Ledger, WorkflowService } from '@runledger/contracts';
import type { Context, InputSchemas, Log } from '@runledger/router';
import type { Identify } from './callers.ts';

/** What is the same for all requests. */
export interface ApiParts {
  identify: Identify;
  /** Under the service role, as are the workflows. */
  ledger: Ledger;
  workflows: WorkflowService;
  engine: Engine;
  /** Where schemas are compiled and inputs checked. Default: on the thread that answers requests. */
  schemas?: InputSchemas;
  log: Log;
}

/** The router's context of one request; a batch of calls has one. */
export async function createContext(
  { identify, schemas: _, ...parts }: ApiParts,
  request: { authorization: string | undefined; requestId: string },
): Promise<Context> {
  return { ...parts, ...(await identify(request.authorization)), requestId: request.requestId };
}
