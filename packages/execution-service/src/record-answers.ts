import type { RecordAnswer } from '@runledger/contracts';
import { fromRow } from './from-row.ts';

/** A row of `record_open` or `record_outcomes`. */
export interface AnswerRow {
  ordinal: number;
  execution_id: string;
  result: string;
  status: string;
  authority: string;
  revision: number;
  cancel_requested_at: string;
  cancel_requested_by: string;
  cancel_reason: string;
}

/** Answers in the order of the items: the database records them in the order of their ids. */
export function toAnswers(rows: AnswerRow[]): RecordAnswer[] {
  return rows
    .toSorted((a, b) => a.ordinal - b.ordinal)
    .map(({ ordinal: _, ...row }) => fromRow(row) as unknown as RecordAnswer);
}
