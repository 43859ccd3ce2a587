import { formatDuration } from '@runledger/contracts/format-duration';
import { useQuery } from '@tanstack/react-query';
import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { Link } from 'wouter';
import { config } from '../config.ts';
import { counted } from '../parts/counted.ts';
import { isProven, proofTitle } from '../parts/proof-title.ts';
import { useClock, useNow } from '../parts/time.tsx';
import { runledger } from '../runledger.ts';

/** How often it is read, in milliseconds. */
const EVERY_MS = 10_000;

const proofQuery = () => runledger.make().parts.trpc.system.getProof.queryOptions({ namespace: config.namespace });

export const useProof = () => useQuery({ ...proofQuery(), refetchInterval: EVERY_MS });

export const askForProof = () => void runledger.make().queryClient.prefetchQuery(proofQuery());

/** Whether what the page says of open executions is what Temporal says; on every page. */
export function ProofChip() {
  const { data: proof } = useProof();
  const clock = useClock();
  const now = useNow(10_000);
  if (proof === undefined) return null;
  const isGood = isProven(proof, now);
  const Icon = isGood ? ShieldCheck : ShieldAlert;
  const title = proofTitle(proof, now);
  const text =
    proof === null
      ? 'The monitor has not spoken so far.'
      : !isGood
        ? `Temporal was last asked about all of it at ${clock.timeOf(proof.at)}.`
        : `${counted(proof.own.open, proof.own.capped ? 'capped' : 'exact')} open ${proof.own.open === 1 ? 'execution' : 'executions'}${
            proof.own.oldestCheckAgeMs === null
              ? ''
              : `, oldest check ${formatDuration(proof.own.oldestCheckAgeMs)} ago`
          }.`;
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
