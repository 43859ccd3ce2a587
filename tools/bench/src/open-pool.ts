import type { OpenExecution } from './follower-protocol.ts';
import type { BenchLedger } from './ledger.ts';
import { registerRuns, skipTimelines, startRuns } from './open-executions.ts';
import { createRandom, shuffle } from './random.ts';
import type { Stage } from './stage.ts';

/** Open executions, made up to that number before each measurement. */
export interface OpenPool {
  readonly open: OpenExecution[];
  /** Replaces what has closed, and clears what the last follower left undone. */
  fill(): Promise<void>;
  /** Some of them, from all over; they count as closed from now on. */
  take(count: number): OpenExecution[];
  /** Those of the given ids; they count as closed from now on. */
  takeOf(ids: ReadonlySet<string>): OpenExecution[];
}

export function createOpenPool(stage: Pick<Stage, 'client'>, ledger: BenchLedger, size: number): OpenPool {
  const random = createRandom('which executions close');
  let open: OpenExecution[] = [];
  return {
    get open() {
      return open;
    },
    async fill() {
      await skipTimelines(ledger);
      const missing = size - open.length;
      if (missing > 0) open.push(...(await registerRuns(ledger, await startRuns(stage.client, missing))));
    },
    take(count) {
      const shuffled = shuffle(open, random);
      open = shuffled.slice(count);
      return shuffled.slice(0, count);
    },
    takeOf(ids) {
      const taken = open.filter(({ executionId }) => ids.has(executionId));
      open = open.filter(({ executionId }) => !ids.has(executionId));
      return taken;
    },
  };
}
