import type { Health } from '@runledger/contracts';

/** Health of an execution that stays unsettled: why, and the one thing that is safe to do about it. */
export interface Diagnosis {
  health: Health;
  reason: string | null;
  remedy: string | null;
}

export const LIVE: Diagnosis = { health: 'live', reason: null, remedy: null };
