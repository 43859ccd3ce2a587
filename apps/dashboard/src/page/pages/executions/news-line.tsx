import { useLiveConnection } from '@runledger/client/react';
import { useClock } from '../../parts/time.tsx';

const SAYS_AFTER_MS = 60_000;

interface NewsLineProps {
  shown: number;
  newCount: number;
  mayBeNew: boolean;
  /** When the rows were read, in milliseconds since 1970. */
  readAt: number;
  onShow(): void;
}

/** What waits to be shown, or that nobody knows. The line is there without news too: when some come, no row moves. */
export function NewsLine({ shown, newCount, mayBeNew, readAt, onShow }: NewsLineProps) {
  const behind = useBehind(readAt);
  const isNews = newCount > 0 || mayBeNew;
  return (
    <div className="news" data-behind={behind !== null || undefined}>
      {behind ?? (!isNews && readAt > 0 && `${shown.toLocaleString('en-US')} shown, nothing new`)}
      {(isNews || behind) && (
        <button type="button" className="news-do" onClick={onShow}>
          {newCount > 0 ? `${newCount} new` : behind ? 'Now' : 'There may be new ones'}
        </button>
      )}
    </div>
  );
}

/** Where the stream is gone: as of when the rows are. */
function useBehind(readAt: number): string | null {
  const clock = useClock();
  const { state, since } = useLiveConnection();
  if ((state !== 'reconnecting' && state !== 'failed') || readAt === 0) return null;
  const asOf = clock.timeOf(new Date(Math.max(readAt, since)).toISOString());
  const away =
    Date.now() - since > SAYS_AFTER_MS ? 'The API has been away for more than a minute' : 'The connection is away';
  return `As of ${asOf}. ${away}; the rows below may have moved on.`;
}
