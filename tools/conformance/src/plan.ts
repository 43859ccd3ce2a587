import { createDraw } from './draw.ts';
import type { Fault } from './faults/fault.ts';
import type { Kind } from './kinds/kind.ts';
import type { System } from './system/system.ts';

export interface PlannedExecution {
  kind: Kind;
  /** Which of the users starts it. */
  userNumber: number;
  pauseMs: number;
}

interface PlannedFault {
  name: string;
  quietBeforeMs: number;
  strike(system: System): Promise<void>;
}

export interface Plan {
  executions: PlannedExecution[];
  faults: PlannedFault[];
}

export interface PlanRequest {
  seed: number;
  executions: number;
  faults: number;
  kinds: readonly Kind[];
  possibleFaults: readonly Fault[];
}

/** One of each before any comes again. */
function* decks<T>(shuffle: (items: readonly T[]) => T[], items: readonly T[]): Generator<T> {
  while (items.length > 0) yield* shuffle(items);
}

/** What is started and what goes wrong, the same for the same seed. All kinds and all faults come before any is repeated. */
export function makePlan({ seed, executions, faults, kinds, possibleFaults }: PlanRequest): Plan {
  // One for each, so that more executions leave the faults as they are.
  const [draw, faultDraw] = [createDraw(seed), createDraw(seed ^ 0x5f3759df)];
  return {
    executions: decks(draw.shuffle, kinds)
      .take(kinds.length === 0 ? 0 : executions)
      .map((kind) => ({
        kind,
        userNumber: draw.integer(0, 1),
        // Every fourth lives longer than most faults last.
        pauseMs: draw.integer(1, 4) === 1 ? draw.integer(3_000, 9_000) : draw.integer(100, 1_500),
      }))
      .toArray(),
    faults: decks(faultDraw.shuffle, possibleFaults)
      .take(possibleFaults.length === 0 ? 0 : faults)
      .map((fault) => ({
        name: fault.name,
        quietBeforeMs: faultDraw.integer(500, 2_500),
        strike: fault.prepare(faultDraw),
      }))
      .toArray(),
  };
}
