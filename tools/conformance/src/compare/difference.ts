/**
 * - `lost`: Temporal ran it, and the ledger has no row. `twice`: it has two.
 * - `unsettled`: it ended in Temporal, and the ledger still waits.
 * - `wrong`: row and Temporal tell different things.
 * - `uninvited`: a row that nobody asked for.
 * - `unintended`: Temporal itself did not do what the kit had set out to; then the kit or a call is at fault.
 */
export type Verdict = 'lost' | 'twice' | 'unsettled' | 'wrong' | 'uninvited' | 'unintended';

export interface Difference {
  verdict: Verdict;
  kind: string;
  workflowId: string;
  what: string;
  ledger: unknown;
  engine: unknown;
}
