/** What the writers did, and what became of it. */
export interface Tally {
  /** Rows that each deed changed in transactions that were committed. */
  changedRows: Record<string, number>;
  committed: number;
  /** On purpose; savepoints are not among them. */
  rolledBack: number;
  /** By what Postgres or a guard said; deadlocks and lost races are part of the plan. */
  refused: Record<string, number>;
  /** Transactions that a crash ended. */
  interrupted: number;
  folded: number;
  /** Errors that are part of no plan. */
  unexpected: string[];
}

export const emptyTally = (): Tally => ({
  ...{ changedRows: {}, committed: 0, rolledBack: 0, refused: {}, interrupted: 0, folded: 0, unexpected: [] },
});

export const count = (into: Record<string, number>, name: string, n = 1): unknown => {
  into[name] = (into[name] ?? 0) + n;
  return n;
};

const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? '');

/** The server is gone, going or not there yet. */
export const isOutage = (error: unknown): boolean =>
  /^(57P0[123]|08.{3}|ECONN.*|EPIPE|ETIMEDOUT)$/.test(codeOf(error)) ||
  /connection (was )?(terminated|closed|ended|error)|not queryable/i.test((error as Error).message);

const NOT_THERE_YET = ['ECONNREFUSED', '57P03'];

/** Lost races: an end that stands, a row, user or workflow that went meanwhile, an id that is taken, a deadlock. */
const LOST_RACES = ['PT409', 'PT404', '40P01', '23503', '23505'];

/** Counts an error under what it was. */
export function countError(tally: Tally, error: unknown): void {
  if (isOutage(error)) tally.interrupted += NOT_THERE_YET.includes(codeOf(error)) ? 0 : 1;
  else if (LOST_RACES.includes(codeOf(error))) count(tally.refused, codeOf(error));
  else if (tally.unexpected.length < 20) tally.unexpected.push(`${codeOf(error)} ${(error as Error).message}`);
}
