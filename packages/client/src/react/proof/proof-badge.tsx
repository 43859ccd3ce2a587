import { useQuery } from '@tanstack/react-query';
import { useNow } from '../parts/use-now.ts';
import { useRunledger } from '../use-runledger.ts';
import { WordsProvider } from '../words/use-words.tsx';
import type { Words } from '../words/words.ts';
import { ProofLabel } from './proof-label.tsx';
import { proofState } from './proof-state.ts';

/** How often the proof is asked for, in milliseconds: the monitor publishes it about as often. */
const ASKED_EVERY_MS = 30_000;

export interface ProofBadgeProps {
  /** Temporal's. Default: `default`. */
  namespace?: string;
  /** Only the two words. Default: the sentence too. */
  isShort?: boolean;
  words?: Partial<Words>;
}

/** Whether what the caller sees of their executions matches Temporal, as of the latest check. */
export function ProofBadge({ namespace, isShort = false, words }: ProofBadgeProps) {
  const { trpc } = useRunledger();
  const { data, dataUpdatedAt } = useQuery({
    ...trpc.system.getProof.queryOptions(namespace === undefined ? {} : { namespace }),
    refetchInterval: ASKED_EVERY_MS,
  });
  const now = useNow(ASKED_EVERY_MS);
  if (data === undefined) return null;
  return (
    <WordsProvider words={words}>
      <ProofLabel proof={proofState(data, now ?? dataUpdatedAt)} isShort={isShort} />
    </WordsProvider>
  );
}
