import type { FeedState, Proof } from '@runledger/contracts';
import { formatDuration } from '@runledger/contracts/format-duration';
import { Ago, useClock } from '../../parts/time.tsx';

/** Who publishes, and what tells it that something ended or started. */
export function MonitorFacts({ proof: { monitor }, unprovenSince }: { proof: Proof; unprovenSince: string | null }) {
  const { watching, watchCap } = monitor;
  return (
    <div className="pad">
      <h3 className="mb-2 font-[620]">Monitor</h3>
      <dl className="kv">
        {unprovenSince !== null && (
          <>
            <dt>Gone since</dt>
            <dd>
              <Ago at={unprovenSince} />
            </dd>
          </>
        )}
        <dt>Runs since</dt>
        <dd>
          <Ago at={monitor.startedAt} />
          {`, ${monitor.identity}, version ${monitor.version}`}
        </dd>
        <dt>Long polls</dt>
        <dd>
          {watchCap === 0
            ? 'off'
            : `on, for ${watching.toLocaleString('en-US')}, at most ${watchCap.toLocaleString('en-US')}`}
        </dd>
        <dt>Closure feed</dt>
        <dd>
          <Feed state={monitor.closureFeed} />
        </dd>
        <dt>Start feed</dt>
        <dd>
          <Feed state={monitor.startFeed} />
        </dd>
      </dl>
    </div>
  );
}

function Feed({ state: { everyMs, readAt, throttledSince } }: { state: FeedState }) {
  const clock = useClock();
  return (
    <>
      {throttledSince !== null && (
        <b className="text-warning">{`Temporal limits its calls since ${clock.timeOf(throttledSince)}; `}</b>
      )}
      {`on, every ${formatDuration(everyMs)}, `}
      {readAt === null ? (
        'has read nothing yet'
      ) : (
        <>
          read <Ago at={readAt} />
        </>
      )}
    </>
  );
}
