import { formatDuration } from '@runledger/contracts/format-duration';
import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { Link } from 'wouter';
import { counted } from '../../parts/counted.ts';
import { Panel } from '../../parts/panel.tsx';
import { isProven, proofTitle } from '../../parts/proof-title.ts';
import { Loaded } from '../../parts/states.tsx';
import { useNow } from '../../parts/time.tsx';
import { useProof } from '../../shell/proof-chip.tsx';

/** Whether the page tells the truth, and how that is known. */
export function ProofPanel() {
  const query = useProof();
  const now = useNow(10_000);
  const isGood = query.data !== undefined && isProven(query.data, now);
  const Icon = isGood ? ShieldCheck : ShieldAlert;
  const title = query.data === undefined ? 'Proof' : proofTitle(query.data, now);
  return (
    <Panel title={title} aside={<Link href="/system">How we know</Link>}>
      <Loaded query={query} what="The proof" rows={2}>
        {(proof) => (
          <div className="pad">
            {proof === null ? (
              <p className="text-muted">No proof yet: the monitor starts, or none runs.</p>
            ) : (
              <>
                <p className="flex items-center gap-2 text-[30px]/[36px] font-semibold tracking-tight tabular-nums">
                  <Icon className={`size-6 ${isGood ? 'text-success' : 'text-warning'}`} aria-hidden="true" />
                  {counted(proof.own.open, proof.own.capped ? 'capped' : 'exact')}
                  <span className="text-[14px] font-normal tracking-normal text-muted">{`open ${proof.own.open === 1 ? 'execution' : 'executions'}`}</span>
                </p>
                <p className="mt-1 text-muted">
                  {isGood
                    ? `Each is compared with Temporal at least every ${formatDuration(proof.periodMs)}${
                        proof.own.oldestCheckAgeMs === null
                          ? ''
                          : `; the oldest answer is ${formatDuration(proof.own.oldestCheckAgeMs)} old`
                      }.`
                    : 'Statuses of open executions may be behind; what has ended stands.'}
                </p>
              </>
            )}
          </div>
        )}
      </Loaded>
    </Panel>
  );
}
