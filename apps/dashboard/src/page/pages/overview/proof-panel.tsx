import { formatDuration } from '@runledger/contracts/format-duration';
import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { Link } from 'wouter';
import { Figure } from '../../parts/figure.tsx';
import { Panel } from '../../parts/panel.tsx';
import { isProven, proofTitle } from '../../parts/proof-title.ts';
import { Loaded } from '../../parts/states.tsx';
import { useNow } from '../../parts/time.tsx';
import { useFollowed } from '../../shell/followed.ts';
import { useProof } from '../../shell/proof-chip.tsx';

/** Whether the page tells the truth, and how that is known. */
export function ProofPanel() {
  const query = useProof();
  const followed = useFollowed();
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
                  {followed && (
                    <Figure
                      value={followed.open}
                      exactness={followed.isCapped ? 'capped' : 'exact'}
                      asOf={proof.at}
                      href={followed.href}
                    />
                  )}
                  <span className="text-[14px] font-normal tracking-normal text-muted">
                    {`open ${followed?.open === 1 ? 'execution' : 'executions'}${followed?.differ == null ? '' : `, ${followed.differ.toLocaleString('en-US')} ${followed.differ === 1 ? 'differs' : 'differ'}`}`}
                  </span>
                </p>
                <p className="mt-1 text-muted">
                  {isGood
                    ? `Each is compared with Temporal at least every ${formatDuration(proof.periodMs)}${
                        followed?.oldestCheckAgeMs == null
                          ? ''
                          : `; the oldest answer is ${formatDuration(followed.oldestCheckAgeMs)} old`
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
