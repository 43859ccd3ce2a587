import type { OwnProof } from '@runledger/contracts';
import type { ProofFigures } from '../words/proof-words.ts';

/**
 * - `good`: what is shown matches Temporal. `diverging`: some is known not to, and is being repaired.
 * - `behind`: nobody has asked Temporal for a while. `unsure`: whoever asks reports a problem. `none`: before the first proof.
 */
export type ProofState =
  | { kind: 'good' | 'diverging'; figures: ProofFigures }
  | { kind: 'behind'; ageMs: number }
  | { kind: 'unsure' | 'none' };

/** A proof is too old after twice its period and a minute at least, in milliseconds; as the server decides it. */
const LEAST_STALE_MS = 60_000;

/** Pure: what a proof says to one user. @param now Milliseconds since 1970 */
export function proofState(proof: OwnProof | null, now: number): ProofState {
  if (!proof) return { kind: 'none' };
  const ageMs = now - Date.parse(proof.at);
  if (ageMs > Math.max(LEAST_STALE_MS, 2 * proof.periodMs)) return { kind: 'behind', ageMs };
  if (!proof.isWell) return { kind: 'unsure' };
  const { open, capped, oldestCheckAgeMs } = proof.own;
  return { kind: 'good', figures: { open, isCapped: capped, differ: null, oldestCheckAgeMs } };
}
