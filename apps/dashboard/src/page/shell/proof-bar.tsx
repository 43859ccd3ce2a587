import { proofState } from '@runledger/client/react';
import { TriangleAlert } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import { Figure } from '../parts/figure.tsx';
import { useClock, useNow } from '../parts/time.tsx';
import { useFollowed } from './followed.ts';
import { useProof } from './proof-chip.tsx';

const EVERY_MS = 10_000;

/** Whether it is not sure that open executions stand as they are shown. */
export function useDoubt(): boolean {
  const { data: proof } = useProof();
  const now = useNow(EVERY_MS);
  return proof !== undefined && proofState(proof, now).kind !== 'good';
}

/** On every page, at the foot of the screen: it moves nothing that somebody reads or is about to press. */
export function ProofBar() {
  const { data: proof } = useProof();
  const followed = useFollowed();
  const [path] = useLocation();
  const clock = useClock();
  const now = useNow(EVERY_MS);
  if (proof === undefined || path === '/system') return null;
  const { kind } = proofState(proof, now);
  if (kind === 'good' || kind === 'diverging') return null;
  const what =
    proof === null
      ? 'Nobody compares this with Temporal so far.'
      : kind === 'behind'
        ? `Temporal has not been asked since ${clock.shortOf(proof.at, now)}.`
        : 'What compares this with Temporal reports a problem.';
  return (
    <div className="notice proof-bar" data-tone="bad" role="status">
      <TriangleAlert className="size-4 flex-none" aria-hidden="true" />
      <span className="min-w-0 flex-1">
        {`${what} Statuses of `}
        {proof && followed && followed.open > 0 ? (
          <>
            {'the '}
            <Figure
              value={followed.open}
              exactness={followed.isCapped ? 'capped' : 'exact'}
              asOf={proof.at}
              href={followed.href}
              unit={followed.open === 1 ? 'open execution' : 'open executions'}
              className="underline"
            />
          </>
        ) : (
          'open executions'
        )}
        {' may be behind; ended ones stand.'}
      </span>
      <Link href="/system" className="btn">
        See why
      </Link>
    </div>
  );
}
