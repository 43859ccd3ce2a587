import { isExecutionError } from '@runledger/contracts';
import { insist, until } from '../insist.ts';
import type { System } from '../system/system.ts';
import type { User } from '../system/users.ts';
import type { Driver } from './driver.ts';

/** How long a kind waits for the ledger before it goes on; both orders are fair. */
const SETTLED_WITHIN_MS = 20_000;

const isFinal = (error: unknown) => isExecutionError(error) && error.code !== 'ledger_unavailable';

/** What an application does that imports the service. */
export function createLedgerCalls(
  { service, definitions, database }: System,
  user: User,
): Pick<Driver, 'register' | 'untilSettled'> {
  return {
    async register(chain, definition = 'plain') {
      const { id } = await insist(
        () =>
          service.createExecution({
            workflowId: definitions[definition],
            userId: user.id,
            temporalWorkflowId: chain.workflowId,
            ...('firstRunId' in chain ? { temporalRunId: chain.firstRunId } : {}),
          }),
        isFinal,
      );
      return id;
    },
    async untilSettled({ workflowId, firstRunId }) {
      const deadline = Date.now() + SETTLED_WITHIN_MS;
      await until(`The end of ${workflowId}`, async () => {
        if (Date.now() > deadline) return 'gave up';
        const [row] = await database.query<{ outcome_authority: string | null }>(
          `select outcome_authority from runledger.workflow_executions
            where temporal_workflow_id = $1 and coalesce(temporal_run_id, $2) = $2`,
          [workflowId, firstRunId],
        );
        return row?.outcome_authority === 'engine' ? 'settled' : null;
      });
    },
  };
}
