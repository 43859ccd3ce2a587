/** How much of everything; the figures to reach are for the defaults. */
export interface Settings {
  runs: number;
  /** Open executions where they are few enough to be watched all. */
  few: number;
  /** Open executions where they are more than can be watched. */
  many: number;
  /** Histories that wait, and executions that close at once after them. */
  backlog: number;
  /** Open executions of the largest namespace. */
  manyOpen: number;
  /** How long executions are closed, in seconds. */
  closeSeconds: number;
  /** How long calls are counted while nothing happens, in seconds: whole rounds of long polls (20 s) and of the reconciler (40 s here). */
  idleSeconds: number;
  /** How long Temporal is away, in seconds. */
  outageSeconds: number;
  /** Short executions that a worker runs to their end. */
  executions: number;
  /** Executions in the large ledger. */
  rows: number;
  /** Executions of the user who leaves. */
  leaving: number;
  /** Rows of a table of somebody's that is imported. */
  oldRows: number;
  /** Streams that are open at once. */
  subscribers: number;
}

export const DEFAULTS: Settings = {
  runs: 5,
  few: 500,
  many: 5_000,
  backlog: 1_500,
  manyOpen: 200_000,
  closeSeconds: 20,
  idleSeconds: 80,
  outageSeconds: 30,
  executions: 1_000,
  rows: 10_000_000,
  leaving: 100_000,
  oldRows: 200_000,
  subscribers: 2_000,
};

/** Executions closed in a second. */
export const CLOSES_PER_SECOND = 20;

/** What one run measured. */
export interface Sample {
  /** The median over the runs counts. */
  values: Record<string, number>;
  /** What must not happen; the sum over the runs counts. */
  faults: Record<string, number>;
  /** What a value is made of, such as calls a second by method. */
  items: Record<string, Record<string, number>>;
}

/** A line of the table at the end. */
export interface Row {
  what: string;
  measured: string;
  comparedWith: string;
  toReach: string;
  /** `null` where nothing is to be reached. */
  reached: boolean | null;
}

export interface Benchmark {
  name: string;
  /** One line for `--help` and the document. */
  about: string;
  /** Starts what all runs need. */
  prepare(settings: Settings, say: Say): Promise<Prepared>;
  /** `sample` holds medians and sums. */
  rows(sample: Sample, settings: Settings): Row[];
}

interface Prepared extends AsyncDisposable {
  /** Default: `settings.runs`. */
  runs?: number;
  run(): Promise<Sample>;
}

/** Shows what is going on. */
export type Say = (text: string) => void;
