import { formatDuration } from '@runledger/contracts/format-duration';
import { CANCELLED, isTerminal, stageOf } from '@runledger/contracts/status';
import { Panel } from '../../parts/panel.tsx';
import { shortId } from '../../parts/row-words.ts';
import { SOURCES } from '../../parts/source-words.ts';
import { STATUS_LABELS } from '../../parts/status.tsx';
import { useClock } from '../../parts/time.tsx';
import { TONES } from './outcome.tsx';
import type { Details } from './types.ts';
import { nameOf } from './types.ts';

interface Entry {
  at: string;
  title: string;
  text: string;
  tone: 'bad' | 'good' | 'open' | null;
}

const CAUSES: Record<string, string> = {
  retry: 'Another run: it was retried',
  continue_as_new: 'Another run: it continued as new',
  cron: 'Another run: its schedule came round',
  reset: 'Another run: it was reset',
};

/** Who asks for an execution; others come upon one that somebody started elsewhere. */
const ASKING: ReadonlySet<Details['transitions'][number]['source']> = new Set(['service', 'user']);

/** Everything that the ledger recorded of it, oldest first: who said so, and how late it was noticed. */
export function LedgerLog({ details }: { details: Details }) {
  const clock = useClock();
  const entries = entriesOf(details).sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  return (
    <Panel title="What the ledger saw">
      <ol className="log">
        {entries.map(({ at, title, text, tone }) => (
          <li key={`${at}${title}${text}`}>
            <time dateTime={at} title={clock.instantOf(at)}>
              {clock.dayOf(at) && <span className="sub">{clock.dayOf(at)}</span>}
              {clock.preciseTimeOf(at)}
            </time>
            <span className={`dot ${tone ?? ''}`} aria-hidden="true" />
            <div className="said">
              {title}
              <span>{text}</span>
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function entriesOf({ engine, transitions, runs, reports }: Details): Entry[] {
  return [
    ...transitions.map(
      ({ fromStatus, toStatus, source, authority, noticedAfterMs, recordedAt, actor, reason }): Entry => {
        const late = noticedAfterMs === null ? '' : `, ${formatDuration(noticedAfterMs)} after it happened`;
        const word =
          authority === 'engine'
            ? '; Temporal says so'
            : fromStatus === null || engine !== 'temporal'
              ? ''
              : '; not confirmed by Temporal at that time';
        const first =
          fromStatus === null
            ? isTerminal(toStatus)
              ? `Recorded as ${STATUS_LABELS[toStatus].toLowerCase()}`
              : ASKING.has(source)
                ? 'Asked for'
                : 'First seen'
            : fromStatus === toStatus
              ? `Confirmed: ${STATUS_LABELS[toStatus].toLowerCase()}`
              : STATUS_LABELS[toStatus];
        return {
          at: recordedAt,
          title: `${first}${actor ? ` by ${nameOf(actor)}` : ''}`,
          text: `from ${SOURCES[source]}${late}${word}${reason && reason !== CANCELLED ? `: ${reason}` : ''}`,
          tone: toneOf(toStatus),
        };
      },
    ),
    ...runs
      .filter(({ cause }) => cause !== 'start')
      .map(
        ({ runId, cause, startedAt, status, errorMessage }): Entry => ({
          at: startedAt,
          title: CAUSES[cause] ?? 'Another run',
          text: `${shortId(runId)}, ${status.replaceAll('_', ' ')}${errorMessage ? `: ${errorMessage.split('\n', 1)[0]}` : ''}`,
          tone: 'open',
        }),
      ),
    ...reports.map(
      ({ reportedAt, status, actor, result }): Entry => ({
        at: reportedAt,
        title: `Reported as ${STATUS_LABELS[status].toLowerCase()}${actor ? ` by ${nameOf(actor)}` : ''}`,
        text:
          result === 'applied'
            ? 'recorded'
            : result === 'conflict'
              ? 'contradicted: it ended otherwise'
              : 'it had ended already',
        tone: result === 'conflict' ? 'bad' : null,
      }),
    ),
  ];
}

function toneOf(status: Details['status']): Entry['tone'] {
  const stage = stageOf(status);
  return stage === 'stopped' || status === 'pending' ? null : TONES[stage];
}
