import { useLiveConnection } from '@runledger/client/react';
import { formatDuration } from '@runledger/contracts/format-duration';
import { useNow } from '../parts/time.tsx';

const WORDS = { off: '', connecting: 'Connecting …', live: 'Live', reconnecting: 'Reconnecting', failed: 'Not live' };

/** How current the page is; never more sure than it is. */
export function LiveBadge() {
  const { state, since } = useLiveConnection();
  const now = useNow();
  if (state === 'off') return null;
  const isBehind = state === 'reconnecting' || state === 'failed';
  const long = isBehind ? ` since ${formatDuration(now - since)}` : '';
  return (
    <span className="live" data-state={state} role="status">
      <span className={isBehind ? '' : 'max-sm:sr-only'}>{`${WORDS[state]}${long}`}</span>
    </span>
  );
}
