import { DEFAULT_WORDS, proofState } from '@runledger/client/react';
import type { OwnProof } from '@runledger/contracts';

const TITLES = {
  good: DEFAULT_WORDS.proofGood,
  diverging: DEFAULT_WORDS.proofDiverging,
  behind: DEFAULT_WORDS.proofBehind,
  unsure: DEFAULT_WORDS.proofUnsure,
  none: DEFAULT_WORDS.proofNone,
};

/** In two or three words: how sure it is that open executions stand as they are shown. @param now Milliseconds since 1970. */
export const proofTitle = (proof: OwnProof | null, now: number): string => TITLES[proofState(proof, now).kind];

export const isProven = (proof: OwnProof | null, now: number): boolean => proofState(proof, now).kind === 'good';
