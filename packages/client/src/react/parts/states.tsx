import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { useWords } from '../words/use-words.tsx';

/** Nothing is shown for a moment, and after a while it is admitted that it takes long; milliseconds. */
const UNNOTICED_MS = 300;
const LONG_MS = 3_000;

/** How long something has been waited for, in the three steps that matter. */
function useWaiting(isWaiting: boolean): 'not yet' | 'a moment' | 'long' {
  const [waited, setWaited] = useState<'not yet' | 'a moment' | 'long'>('not yet');
  useEffect(() => {
    if (!isWaiting) return setWaited('not yet');
    const timers = [
      setTimeout(() => setWaited('a moment'), UNNOTICED_MS),
      setTimeout(() => setWaited('long'), LONG_MS),
    ];
    return () => timers.forEach(clearTimeout);
  }, [isWaiting]);
  return waited;
}

/** Grey lines where rows will be. They keep their room from the beginning, so that nothing moves when they appear. */
export function LoadingLines({ lines }: { lines: number }) {
  const words = useWords();
  const waited = useWaiting(true);
  return (
    <div className="rl-loading" role="status" data-shown={waited !== 'not yet' || undefined}>
      <span className="rl-hidden">{words.loading}</span>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <i key={line} aria-hidden="true" />
      ))}
      {waited === 'long' && <p>{words.stillLoading}</p>}
    </div>
  );
}

/** What stands in the place of a thing: nothing there, or it could not be read. */
export function Notice({
  title,
  children,
  isError = false,
}: {
  title: string;
  children?: ReactNode;
  isError?: boolean;
}) {
  return (
    <div className="rl-notice" role={isError ? 'alert' : undefined}>
      <b>{title}</b>
      {children}
    </div>
  );
}
