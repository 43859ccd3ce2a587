import { formatDuration } from '@runledger/contracts/format-duration';
import type { Stage } from '@runledger/contracts/status';
import { stageOf } from '@runledger/contracts/status';
import { ExternalLink } from 'lucide-react';
import { Link } from 'wouter';
import { ExecutionActions } from '../../actions/execution-actions.tsx';
import { temporalAddressOf } from '../../config.ts';
import { capital } from '../../parts/capital.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { expectedWords } from '../../parts/row-words.ts';
import { SOURCES } from '../../parts/source-words.ts';
import type { Health } from '../../parts/status.tsx';
import { HEALTH_LABELS, HealthIcon, STATUS_LABELS, StatusIcon } from '../../parts/status.tsx';
import { Ago, useClock, useNow } from '../../parts/time.tsx';
import { Alike } from './alike.tsx';
import { replayCommand } from './commands.ts';
import { CopyMenu } from './copy-menu.tsx';
import { useForgottenAfter } from './forgotten.ts';
import type { Details } from './types.ts';

export const TONES = { open: 'open', successful: 'good', faulty: 'bad', stopped: 'quiet' } as const satisfies Record<
  Stage,
  string
>;

type Trouble = Exclude<Health, 'live'>;

const TROUBLE_TONES = { late: 'late', wedged: 'wedged', cancelling: 'quiet', lost: 'quiet' } as const satisfies Record<
  Trouble,
  string
>;

/** What is so of each of them; why one is late differs, and is in the sentence. */
const TROUBLES: Record<Exclude<Trouble, 'late'>, string> = {
  wedged: 'its workflow task fails again and again',
  cancelling: 'it was asked to stop',
  lost: 'Temporal does not know it',
};

/** Of an open one that does not run as it should, the word first: "Running, but wedged: its workflow task fails again and again". */
const troubled = (status: Details['status'], trouble: Trouble): string =>
  `${STATUS_LABELS[status]}, but ${HEALTH_LABELS[trouble].toLowerCase()}${trouble === 'late' ? '' : `: ${TROUBLES[trouble]}`}`;

/** What is the matter, in one sentence, and how that is known. */
export function Outcome({ details, sentence, isGone }: { details: Details; sentence: string | null; isGone: boolean }) {
  const { health } = details.health ?? { health: null };
  const forgottenAfter = useForgottenAfter(details);
  const trouble = health === 'live' ? null : health;
  const tone = trouble ? TROUBLE_TONES[trouble] : TONES[stageOf(details.status)];
  return (
    <section className="outcome" data-tone={tone} aria-label="Outcome">
      {trouble ? <HealthIcon health={trouble} /> : <StatusIcon status={details.status} />}
      <h1 dir="auto">{trouble ? troubled(details.status, trouble) : capital(sentence ?? fallback(details))}</h1>
      <div className="acts">
        {!isGone && <ExecutionActions details={details} />}
        <CopyMenu details={details} isForgotten={forgottenAfter !== null} />
        {forgottenAfter === null && <TemporalLink details={details} />}
      </div>
      <div className="how">
        <How details={details} sentence={sentence} />
        {forgottenAfter !== null && (
          <p>
            {`Temporal has forgotten this run: the namespace keeps what has closed for ${formatDuration(forgottenAfter)}. What is here was kept by the ledger at its close.`}
          </p>
        )}
      </div>
    </section>
  );
}

/** Until the explanation has been read. */
const fallback = ({ status, errorMessage, workflow }: Details): string =>
  errorMessage?.split('\n', 1)[0] ?? `${workflow.name}: ${status.replace('_', ' ')}`;

interface HowProps {
  details: Details;
  /** The sentence above it, which is not repeated. */
  sentence: string | null;
}

function How({ details, sentence }: HowProps) {
  const clock = useClock();
  if (details.completedAt === null) return <OpenHow details={details} sentence={sentence} />;
  const ending = details.transitions.findLast(({ toStatus }) => toStatus === details.status);
  const late = ending?.noticedAfterMs ?? null;
  const { failureGroup } = details;
  return (
    <>
      {`Ended at ${clock.instantOf(details.completedAt)}`}
      {details.durationMs === null ? '. ' : `, after ${formatDuration(details.durationMs)}. `}
      {details.lostAt !== null
        ? 'A person or a report says so; Temporal does not know it any more. '
        : details.outcomeAuthority === 'engine'
          ? 'Temporal says so. '
          : details.engine === 'temporal'
            ? 'Reported; Temporal has not confirmed it so far. '
            : 'Reported; it runs without Temporal. '}
      {ending &&
        `Noticed by ${SOURCES[ending.source]}${late === null ? '' : `, recorded ${formatDuration(late)} after the close`}.`}
      {failureGroup && (
        <>
          {' '}
          <Alike filter={{ failureGroup, from: ALIKE_FROM }}>
            {() => (
              <>
                {' failed like this in the last 24 hours: '}
                <Link className="underline" href={`/failures/${failureGroup}?from=${ALIKE_FROM}`}>
                  this kind of failure
                </Link>
                .
              </>
            )}
          </Alike>
        </>
      )}
    </>
  );
}

const ALIKE_FROM = '-24h';
const ALIKE_EVERY_MS = 10_000;
/** How often it is told anew whether it is over what is usual, in milliseconds. */
const EXPECTED_EVERY_MS = 10_000;

function OpenHow({ details, sentence }: HowProps) {
  const { health, expectedBy, usual, cancelRequestedAt, workflow, workflowId } = details;
  const clock = useClock();
  const now = useNow(EXPECTED_EVERY_MS);
  const isTroubled = health && health.health !== 'live';
  const replay = replayCommand(details);
  return (
    <>
      {isTroubled && sentence && <p dir="auto">{capital(sentence)}</p>}
      {health?.reason && !sentence?.includes(health.reason) && <p>{health.reason}</p>}
      {cancelRequestedAt && <p>{`Asked to stop at ${clock.timeOf(cancelRequestedAt)}.`}</p>}
      {expectedBy && usual && (!isTroubled || health.health === 'late') && (
        <p>{`99 of 100 end within ${formatDuration(usual.p99)}: expected by ${expectedWords(expectedBy, clock, now)}.`}</p>
      )}
      {isTroubled && (
        <p>
          <Alike filter={{ health: [health.health], workflowIds: [workflowId] }} everyMs={ALIKE_EVERY_MS}>
            {(count) =>
              ` of ${workflow.name} ${count === 1 ? 'is' : 'are'} ${HEALTH_LABELS[health.health].toLowerCase()} now, ${count === 1 ? 'it alone' : 'it among them'}.`
            }
          </Alike>
        </p>
      )}
      {health?.remedy && (
        <p className="mt-2 border-t border-line pt-2">
          <b className="font-[560] text-foreground">Safe to do: </b>
          {health.remedy}
        </p>
      )}
      {health?.health === 'wedged' && replay && (
        <CopyButton
          className="btn my-1"
          text={replay}
          title="Keeps its history in a file, to replay it against the code that is to fix it"
        >
          Copy replay command
        </CopyButton>
      )}
      {health?.checkedAt && (
        <p className="text-faint">
          Checked <Ago at={health.checkedAt} />
        </p>
      )}
    </>
  );
}

function TemporalLink({ details }: { details: Details }) {
  const address = temporalAddressOf(details);
  if (!address) return null;
  return (
    <a className="btn" href={address} target="_blank" rel="noreferrer">
      <ExternalLink className="size-4 text-muted" aria-hidden="true" /> Temporal
    </a>
  );
}
