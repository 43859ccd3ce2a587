import { DEFAULT_WORDS } from '@runledger/client/react';
import { useQuery } from '@tanstack/react-query';
import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { Link } from 'wouter';
import { config } from '../config.ts';
import { isProven, proofTitle } from '../parts/proof-title.ts';
import { useClock, useNow } from '../parts/time.tsx';
import { runledger } from '../runledger.ts';
import { useFollowed } from './followed.ts';

/** How often it is read, in milliseconds. */
export const PROOF_EVERY_MS = 10_000;

const proofQuery = () => runledger.make().parts.trpc.system.getProof.queryOptions({ namespace: config.namespace });

export const useProof = () => useQuery({ ...proofQuery(), refetchInterval: PROOF_EVERY_MS });

export const askForProof = () => void runledger.make().queryClient.prefetchQuery(proofQuery());

/** Whether what the page says of open executions is what Temporal says; on every page. */
export function ProofChip() {
  const { data: proof } = useProof();
  const followed = useFollowed();
  const clock = useClock();
  const now = useNow(10_000);
  if (proof === undefined) return null;
  const isGood = isProven(proof, now);
  const Icon = isGood ? ShieldCheck : ShieldAlert;
  const isDiverging = isGood && (followed?.differ ?? 0) > 0;
  const title = isDiverging ? DEFAULT_WORDS.proofDiverging : proofTitle(proof, now);
  const text =
    proof === null
      ? 'The monitor has not spoken so far.'
      : !isGood
        ? `Temporal was last asked about all of it at ${clock.timeOf(proof.at)}.`
        : followed && DEFAULT_WORDS[isDiverging ? 'proofDivergingText' : 'proofGoodText'](followed);
  return (
    <Link
      href="/system"
      className="block rounded-[8px] border border-line bg-background px-2.5 py-2 text-[12.5px]/[17px] text-muted hover:no-underline"
    >
      <b className="flex items-center gap-1.5 font-[560] text-foreground">
        <Icon className={`size-4 ${isGood ? 'text-success' : 'text-warning'}`} aria-hidden="true" />
        {title}
      </b>
      {text}
    </Link>
  );
}
