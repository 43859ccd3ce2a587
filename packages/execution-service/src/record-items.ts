import type { RecordOpen, RecordOutcome } from '@runledger/contracts';

/** What the SQL functions take. */
export const toOpenItem = ({ executionId, source, open, takeBackRevision }: RecordOpen) => ({
  ...open,
  execution: executionId,
  source,
  takeBackRevision,
});

export function toOutcomeItem({ executionId, source, outcome }: RecordOutcome) {
  const { closedAt, ...rest } = outcome;
  return { ...rest, execution: executionId, source, authority: 'engine', completedAt: closedAt };
}
