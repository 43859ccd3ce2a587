import { Icon } from '../parts/icon.tsx';
import { useWords } from '../words/use-words.tsx';
import type { Words } from '../words/words.ts';
import type { ProofState } from './proof-state.ts';

/** Whether what is shown matches Temporal: in two words, and in a sentence below unless `isShort`. */
export function ProofLabel({ proof, isShort = false }: { proof: ProofState; isShort?: boolean }) {
  const { title, text } = wordsOf(proof, useWords());
  return (
    <span className="rl rl-proof" data-proof={proof.kind}>
      <b>
        <Icon name={proof.kind === 'good' || proof.kind === 'diverging' ? 'proof' : 'unproven'} />
        {title}
      </b>
      {!isShort && <span>{text}</span>}
    </span>
  );
}

function wordsOf(proof: ProofState, words: Words): { title: string; text: string } {
  switch (proof.kind) {
    case 'good':
      return { title: words.proofGood, text: words.proofGoodText(proof.figures) };
    case 'diverging':
      return { title: words.proofDiverging, text: words.proofDivergingText(proof.figures) };
    case 'behind':
      return { title: words.proofBehind, text: words.proofBehindText(proof.ageMs) };
    case 'unsure':
      return { title: words.proofUnsure, text: words.proofUnsureText };
    case 'none':
      return { title: words.proofNone, text: words.proofNoneText };
  }
}
