import type { Fault } from './fault.ts';
import { networkFaults } from './networks.ts';
import { processFaults } from './processes.ts';

/** Everything that goes wrong in a run of the kit, one at a time. */
export const FAULTS: readonly Fault[] = [...processFaults, ...networkFaults];
