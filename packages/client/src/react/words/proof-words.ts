import { formatDuration } from '@runledger/contracts/format-duration';

/** How sure it is that what is shown matches Temporal. */
export interface ProofFigures {
  /** Open executions. */
  open: number;
  /** There may be more of them. */
  isCapped: boolean;
  /** Of those, how many are known to differ; `null` where only operators know. */
  differ: number | null;
  /** Age of the oldest check among them, in milliseconds; `null` without any. */
  oldestCheckAgeMs: number | null;
}

export interface ProofWords {
  proofGood: string;
  proofGoodText(figures: ProofFigures): string;
  proofDiverging: string;
  proofDivergingText(figures: ProofFigures): string;
  proofBehind: string;
  /** @param ageMs How long ago the latest proof was published */
  proofBehindText(ageMs: number): string;
  proofUnsure: string;
  proofUnsureText: string;
  proofNone: string;
  proofNoneText: string;
}

const plural = (count: number, one: string) => `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`;

const openText = ({ open, isCapped }: ProofFigures) =>
  `${isCapped ? 'at least ' : ''}${plural(open, 'open execution')}`;

const checked = ({ oldestCheckAgeMs }: ProofFigures) =>
  oldestCheckAgeMs === null ? '' : ` Oldest check ${formatDuration(oldestCheckAgeMs)} ago.`;

export const PROOF_WORDS: ProofWords = {
  proofGood: 'Matches Temporal',
  proofGoodText: (figures) =>
    figures.differ === null
      ? `${openText(figures)[0]?.toUpperCase()}${openText(figures).slice(1)}.${checked(figures)}`
      : `${figures.differ} of ${openText(figures)} differ.${checked(figures)}`,
  proofDiverging: 'Being repaired',
  proofDivergingText: (figures) =>
    `${figures.differ} of ${openText(figures)} differ and are being repaired.${checked(figures)}`,
  proofBehind: 'Temporal not asked',
  proofBehindText: (ageMs) =>
    `Temporal has not been asked for ${formatDuration(ageMs)}. Open executions may be behind; ended ones stand.`,
  proofUnsure: 'Checks report a problem',
  proofUnsureText: 'Open executions may be behind; ended ones stand.',
  proofNone: 'No proof yet',
  proofNoneText: 'The monitor has not reported so far.',
};
