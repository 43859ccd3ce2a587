import { TimelineTable } from '@runledger/client/react';
import { Panel } from '../../parts/panel.tsx';
import { Empty } from '../../parts/states.tsx';
import { useNow } from '../../parts/time.tsx';
import { areLettersOn } from '../../shell/keys.tsx';
import type { Comparison, Details, Timeline } from './types.ts';

const STATES: Record<Timeline['state'], string> = {
  pending: 'are being kept',
  complete: 'kept at close',
  cut: 'kept at close, not all of them',
  missing: 'Temporal had forgotten them before they could be kept',
  live: 'read from Temporal just now',
};

/** Where there is none. */
const WITHOUT: Record<Timeline['state'], string> = {
  pending: 'The steps are being read',
  complete: 'It did nothing that is kept as a step',
  cut: 'It did nothing that is kept as a step',
  missing: 'Temporal does not know them any more',
  live: 'It has done nothing so far that is a step',
};

interface StepsPanelProps {
  timeline: Timeline;
  details: Details;
  compared: Comparison | null;
  selected: number | null;
  onSelect: (index: number) => void;
}

/** What it did along time, with the same steps of the last success below, thinner. */
export function StepsPanel({ timeline, details, compared, selected, onSelect }: StepsPanelProps) {
  const { steps, omitted, state } = timeline;
  const now = useNow();
  const note =
    steps.length === 0 ? null : `${steps.length === 1 ? '1 step' : `${steps.length} steps`}, ${STATES[state]}`;
  const last = steps.reduce(
    (latest, { endedAt, scheduledAt }) => Math.max(latest, Date.parse(endedAt ?? scheduledAt)),
    0,
  );
  const end = details.completedAt === null ? now : Date.parse(details.completedAt);
  return (
    <Panel title="Steps" note={note}>
      {steps.length === 0 ? (
        <Empty title={WITHOUT[state]} />
      ) : (
        <div className="px-3 py-2">
          <TimelineTable
            steps={steps}
            fromMs={Date.parse(details.startedAt)}
            toMs={Math.max(end, last)}
            omitted={Object.values(omitted).reduce((sum, count) => sum + (count ?? 0), 0)}
            selected={selected}
            onSelect={(index) => index !== null && onSelect(index)}
            {...(areLettersOn() ? { focusKey: 't' } : {})}
            {...(compared?.other ? { others: compared.steps } : {})}
          />
        </div>
      )}
    </Panel>
  );
}
