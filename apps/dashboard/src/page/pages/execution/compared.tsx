import { formatDuration } from '@runledger/contracts/format-duration';
import { Link } from 'wouter';
import { Panel } from '../../parts/panel.tsx';
import { useClock } from '../../parts/time.tsx';
import type { Comparison } from './types.ts';

type ComparedStep = Comparison['steps'][number];

const NOT_TOLD = new Set(['completed', 'received']);

/** A step of one of the two: how long, and how it ended where that is worth a word. */
function cellOf(status: ComparedStep['status'], durationMs: number | null): string {
  if (status === null) return '–';
  const took = durationMs === null ? '' : formatDuration(durationMs);
  return NOT_TOLD.has(status) ? took || '✓' : [status.replace('_', ' '), took].filter(Boolean).join(', ');
}

/** What was different the last time that it worked. */
export function Compared({ comparison }: { comparison: Comparison }) {
  const clock = useClock();
  const { other, steps, firstDifference, input, inputIsCut } = comparison;
  if (!other)
    return (
      <Panel title="Against the last success">
        <p className="pad text-muted">None before it has completed, so there is nothing to hold it against.</p>
      </Panel>
    );
  const parting = firstDifference === null ? null : steps[firstDifference];
  return (
    <Panel
      title="Against the last success"
      aside={<Link href={`/executions/${other.id}`}>{clock.shortOf(other.startedAt)}</Link>}
    >
      <div className="pad">
        <table className="tbl text-[13px]">
          <thead>
            <tr>
              <th scope="col">Step</th>
              <th scope="col" className="num">
                then
              </th>
              <th scope="col" className="num">
                now
              </th>
            </tr>
          </thead>
          <tbody>
            {steps.map((step, index) => (
              <tr
                key={`${step.kind}${step.index}${step.otherIndex}`}
                className={index === firstDifference ? 'font-[560] text-danger' : ''}
              >
                <th scope="row" className="font-normal [overflow-wrap:anywhere]">
                  {step.name}
                </th>
                <td className="num">{cellOf(step.otherStatus, step.otherDurationMs)}</td>
                <td className="num">{step.status === null ? 'not reached' : cellOf(step.status, step.durationMs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className="mt-3 text-[13px] text-muted">
          {parting ? `They part at ${parting.name}. ` : steps.length > 0 ? 'Their steps are alike. ' : ''}
          {input.length === 0 ? (
            'Their inputs are the same.'
          ) : (
            <>
              Inputs differ in{' '}
              {input.map(({ path, change }, index) => (
                <span key={path}>
                  {index > 0 && (index === input.length - 1 ? ' and ' : ', ')}
                  <code title={change}>{path}</code>
                </span>
              ))}
              {inputIsCut ? ' and more.' : '.'}
            </>
          )}
        </p>
      </div>
    </Panel>
  );
}
