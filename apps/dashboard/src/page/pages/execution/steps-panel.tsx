import { formatDuration } from '@runledger/contracts/format-duration';
import { Panel } from '../../parts/panel.tsx';
import { Empty } from '../../parts/states.tsx';
import type { Comparison, Details, Timeline } from './types.ts';

const STATES: Record<Timeline['state'], string> = {
  pending: 'are being kept',
  complete: 'kept at close',
  cut: 'kept at close, not all of them',
  missing: 'Temporal had forgotten them before they could be kept',
  live: 'read from Temporal just now',
};

interface StepsPanelProps {
  timeline: Timeline;
  details: Details;
  compared: Comparison | null;
  selected: number | null;
  onSelect: (index: number) => void;
}

export function StepsPanel({ timeline, selected, onSelect }: StepsPanelProps) {
  const { steps } = timeline;
  const note = `${steps.length === 1 ? '1 step' : `${steps.length} steps`}, ${STATES[timeline.state]}`;
  return (
    <Panel title="Steps" note={note}>
      {steps.length === 0 ? (
        <Empty
          title={timeline.state === 'pending' ? 'The steps are being read' : 'It did nothing that is kept as a step'}
        />
      ) : (
        <table className="tbl">
          <tbody>
            {steps.map((step, index) => (
              <tr key={index} aria-selected={index === selected}>
                <th scope="row">
                  <button type="button" onClick={() => onSelect(index)}>
                    {step.name}
                  </button>
                </th>
                <td>{step.status}</td>
                <td className="num">
                  {step.endedAt ? formatDuration(Date.parse(step.endedAt) - Date.parse(step.scheduledAt)) : '–'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
