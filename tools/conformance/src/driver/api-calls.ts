import { randomUUID } from 'node:crypto';
import { executionErrorCode, isWorthRetrying } from '@runledger/client';
import type { Json } from '@runledger/contracts';
import { insist } from '../insist.ts';
import type { System } from '../system/system.ts';
import type { User } from '../system/users.ts';
import type { Driver } from './driver.ts';

/** A connection that stalls never answers; whoever waits has to give up by itself. */
const signal = () => ({ signal: AbortSignal.timeout(15_000) });

/** An answer of the API that stays the same: neither an outage, nor a connection that broke, nor a fault of its own. */
const isFinal = (error: unknown) => executionErrorCode(error) !== null && !isWorthRetrying(error);

/** What a user does with the API, as a frontend would: each request is repeated until it is answered. */
export function createApiCalls(
  { definitions }: System,
  { client }: User,
  firstRunOf: (workflowId: string) => Promise<string>,
): Pick<Driver, 'startByApi' | 'cancelByApi' | 'terminateByApi'> {
  const { execution } = client;
  return {
    async startByApi(definition, steps) {
      const request = {
        workflowId: definitions[definition],
        input: { steps } as unknown as Json,
        idempotencyKey: randomUUID(),
      };
      const { id } = await insist(() => execution.createExecution.mutate(request, signal()), isFinal);
      return { workflowId: id, firstRunId: await firstRunOf(id) };
    },
    async cancelByApi({ workflowId: id }) {
      await insist(() => execution.cancelExecution.mutate({ id, reason: 'not needed any more' }, signal()), isFinal);
    },
    async terminateByApi({ workflowId: id }) {
      await insist(() => execution.terminateExecution.mutate({ id, reason: 'stopped by its user' }, signal()), isFinal);
    },
  };
}
