import type { UnsettledExecution } from '@runledger/contracts';
import { fromRow } from './from-row.ts';

type Row = Omit<UnsettledExecution, 'namespace' | 'workflowId' | 'firstRunId'> & {
  temporalNamespace: string;
  temporalWorkflowId: string;
  temporalRunId: string | null;
};

/** An execution as the monitor sees it: `runledger_private.followed_execution`. */
export function toUnsettled(row: object): UnsettledExecution {
  const { temporalNamespace, temporalWorkflowId, temporalRunId, ...rest } = fromRow(row) as unknown as Row;
  return { ...rest, namespace: temporalNamespace, workflowId: temporalWorkflowId, firstRunId: temporalRunId };
}
