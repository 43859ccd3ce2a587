import type { UnsettledExecution } from '@runledger/contracts';
import { fromRow } from './from-row.ts';

type Row = Omit<UnsettledExecution, 'namespace' | 'firstRunId'> & {
  temporalNamespace: string;
  temporalRunId: string | null;
};

/** An execution as the monitor sees it: `runledger_private.followed_execution`. */
export function toUnsettled(row: object): UnsettledExecution {
  const { temporalNamespace, temporalRunId, ...rest } = fromRow(row) as unknown as Row;
  return { ...rest, namespace: temporalNamespace, firstRunId: temporalRunId };
}
