import type { Draw } from '../draw.ts';
import type { System } from '../system/system.ts';

/** Something that goes wrong, and is well again when it resolves. */
export interface Fault {
  name: string;
  /** How it strikes is drawn beforehand, so that a seed gives the same faults. */
  prepare(draw: Draw): (system: System) => Promise<void>;
}
