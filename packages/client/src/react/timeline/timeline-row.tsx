import type { ReactNode } from 'react';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../words/use-words.tsx';
import type { TimelineRow as Row } from './layout.ts';
import { barStyle } from './timeline-axis.tsx';

interface TimelineRowProps {
  row: Row;
  bands: number;
  isSelected: boolean;
  isFocusable: boolean;
  onFocus(): void;
  onSelect(): void;
  /** Below the row, while it is selected. */
  detail: ReactNode;
}

/** A step: its name, how it stands, when it began, how long it took; the track repeats that for the eye. */
export function TimelineRow({ row, bands, isSelected, isFocusable, onFocus, onSelect, detail }: TimelineRowProps) {
  const words = useWords();
  const { step, tone, bars, other, afterMs, tookMs } = row;
  const attempts = step.attempts !== null && step.attempts > 1 ? ` ${words.attempts(step.attempts)}` : '';
  return (
    <>
      <tr data-tone={tone} data-selected={isSelected || undefined}>
        <th scope="row">
          <button
            type="button"
            className="rl-step"
            tabIndex={isFocusable ? 0 : -1}
            aria-expanded={detail === undefined ? undefined : isSelected}
            aria-pressed={detail === undefined ? isSelected : undefined}
            title={step.name}
            onFocus={onFocus}
            onClick={onSelect}
          >
            <Icon name={step.kind} />
            <span className="rl-name">
              <span className="rl-hidden">{words.stepKind[step.kind]} </span>
              <bdi>{step.name}</bdi>
              {attempts}
            </span>
          </button>
        </th>
        <td>
          <span className="rl-hidden">{words.stepStatus[step.status]}</span>
        </td>
        <td>
          <span className="rl-hidden">{words.duration(afterMs)}</span>
        </td>
        <td aria-hidden="true">
          <div className="rl-track">
            {bars.map((bar) => (
              <i key={bar.kind} className="rl-bar" data-kind={bar.kind} data-tone={tone} style={barStyle(bar, bands)} />
            ))}
            {other && <i className="rl-bar" data-kind="other" style={barStyle(other, bands)} />}
          </div>
        </td>
        <td className="rl-took rl-number">
          <bdi>{tookMs === null ? words.nothing : words.duration(tookMs)}</bdi>
        </td>
      </tr>
      {isSelected && detail !== undefined && (
        <tr className="rl-detail">
          <td colSpan={5}>{detail}</td>
        </tr>
      )}
    </>
  );
}
