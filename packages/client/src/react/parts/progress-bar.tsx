import type { Progress } from '@runledger/contracts';
import { useWords } from '../words/use-words.tsx';

const WHOLE = 100;

/** How far something has got, with its step and its sentence where those are reported. An estimate is hatched and says "about". */
export function ProgressBar({
  progress,
}: {
  progress: Pick<Progress, 'percent' | 'step' | 'steps' | 'message' | 'estimated'>;
}) {
  const words = useWords();
  const { percent, step, steps, message, estimated } = progress;
  const share = percent === null ? null : Math.min(WHOLE, Math.max(0, percent));
  const texts = [
    share === null ? null : words.percent(share, estimated),
    step === null ? null : words.stepOf(step, steps),
    message,
  ].filter((text) => text !== null);
  return (
    <div className="rl rl-progress">
      <div
        role="progressbar"
        aria-label={words.progress}
        aria-valuemin={0}
        aria-valuemax={WHOLE}
        aria-valuenow={share === null ? undefined : Math.round(share)}
        aria-valuetext={texts.join(', ') || undefined}
        data-estimated={estimated || undefined}
        data-unknown={share === null || undefined}
      >
        <i style={{ inlineSize: `${share ?? WHOLE}%` }} />
      </div>
      {texts.length > 0 && <bdi className="rl-number">{texts.join(' · ')}</bdi>}
    </div>
  );
}
