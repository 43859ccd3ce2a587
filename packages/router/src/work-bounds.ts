/** Work was more than it may be; the message says how, to go after "checking it". */
export class TooMuchWork extends Error {}

/** Bounds work that runs in one go on the event loop. */
export interface WorkBounds {
  /** Begins anew. */
  start(): void;
  /** Called at every step. @throws TooMuchWork */
  step(): void;
  /** Looks at the clock: called before a step that may be long. @throws TooMuchWork */
  look(): void;
  /** Called now and then with the number of errors that are held in memory. @throws TooMuchWork */
  holds(errors: number): void;
}

/** This package has no types of Node's: a browser reads it. */
const host = globalThis as { process?: { threadCpuUsage?(): { user: number; system: number } } };

/** Steps between two looks at the clock. Most take less than a microsecond, those that measure a large value some milliseconds. */
const STEPS_PER_LOOK = 16;

/**
 * Milliseconds that this thread has worked, so that a busy machine refuses nothing that an idle one takes. Before Node
 * 23.9 nobody tells, and it is the time that went by.
 */
export function workedMs(): number {
  const usage = host.process?.threadCpuUsage?.();
  return usage ? (usage.user + usage.system) / 1_000 : performance.now();
}

export interface WorkLimits {
  /** Working time in milliseconds. */
  ms: number;
  steps: number;
  /** Errors that are held in memory. */
  errors: number;
}

export function createWorkBounds(limits: WorkLimits): WorkBounds {
  let steps = 0;
  let end = 0;
  const look = () => {
    if (workedMs() > end) throw new TooMuchWork(`took longer than ${limits.ms} ms`);
  };
  return {
    look,
    start() {
      steps = 0;
      end = workedMs() + limits.ms;
    },
    step() {
      steps += 1;
      if (steps > limits.steps) throw new TooMuchWork(`took more than ${limits.steps} steps`);
      if (steps % STEPS_PER_LOOK === 0) look();
    },
    holds(errors) {
      if (errors > limits.errors) throw new TooMuchWork(`found more than ${limits.errors} errors`);
    },
  };
}
