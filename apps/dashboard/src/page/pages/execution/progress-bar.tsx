import type { ExecutionHealth } from '@runledger/contracts';
import { formatDuration } from '@runledger/contracts/format-duration';
import { useNow } from '../../parts/time.tsx';
import { percentNow } from './estimate.ts';
import type { Details, Progress } from './types.ts';

const STUCK: ReadonlySet<ExecutionHealth['health']> = new Set(['wedged', 'lost', 'cancelling']);

/** How far it has got; an estimate looks like one. */
export function ProgressBar({ details, progress }: { details: Details; progress: Progress | null }) {
  const now = useNow();
  if (!progress) return null;
  const isOpen = details.completedAt === null;
  // What is stuck does not get on by the clock.
  if (progress.estimated && (!isOpen || STUCK.has(details.health?.health ?? 'live'))) return null;
  const percent = percentNow(progress, details, now);
  const step = progress.step !== null && progress.steps !== null ? `step ${progress.step} of ${progress.steps}` : null;
  const usual = details.usual ? ` ${formatDuration(details.usual.p50)}` : '';
  const words = progress.estimated
    ? percent === null
      ? `Takes longer than the usual${usual}; nobody reports how far it is`
      : `Usually takes${usual || ' as long'}; nobody reports how far it is`
    : [progress.message, step].filter(Boolean).join(', ');
  return (
    <section className="mt-3 grid gap-1.5" aria-label="Progress">
      <div
        role="progressbar"
        aria-label={progress.estimated ? 'Estimated progress' : 'Progress'}
        aria-valuenow={percent ?? undefined}
        aria-valuemin={0}
        aria-valuemax={100}
        className="h-2 overflow-hidden rounded bg-track"
      >
        {percent !== null && (
          <div className={`h-full ${progress.estimated ? 'hatched' : 'bg-primary'}`} style={{ width: `${percent}%` }} />
        )}
      </div>
      <p className="text-[13px] text-muted">
        {percent !== null && (
          <b className="me-2 font-[560] tabular-nums text-foreground">{`${progress.estimated ? 'about ' : ''}${Math.round(percent)} %`}</b>
        )}
        {words}
        {!isOpen && ' – as last reported'}
      </p>
    </section>
  );
}
