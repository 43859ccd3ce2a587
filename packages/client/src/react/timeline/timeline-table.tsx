import type { ComparedStep, Step } from '@runledger/contracts';
import type { CSSProperties } from 'react';
import { useMemo, useRef, useState } from 'react';
import { pageElement } from '../page-element.ts';
import { useWords } from '../words/use-words.tsx';
import type { Span } from './folds.ts';
import { layoutTimeline } from './layout.ts';
import { StepDetail } from './step-detail.tsx';
import { TimelineAxis, trackBackground } from './timeline-axis.tsx';
import { TimelineLegend } from './timeline-legend.tsx';
import { TimelineRow } from './timeline-row.tsx';
import { onTimelineKey, useFocusKey, zoomed } from './use-timeline-keys.ts';

export interface TimelineTableProps {
  steps: readonly Step[];
  /** Beginning of the execution, in milliseconds since 1970. */
  fromMs: number;
  /** Its end, or now. */
  toMs: number;
  /** The steps beside those of another execution (`compareExecutions`): drawn thin below. */
  others?: readonly ComparedStep[];
  /** Steps that the server left out. */
  omitted?: number;
  /** Which step is selected, by its place. Without `onSelect` the table keeps that itself, and shows the step below its row. */
  selected?: number | null;
  onSelect?(index: number | null): void;
  /** A letter that moves the focus here from anywhere on the page. Default: none. */
  focusKey?: string;
}

/** Rows that are drawn at first; the rest is a button away. */
const FIRST_ROWS = 100;

/** Steps along time: a table with a track in each row. Idle time is folded; dragging over the axis, `+` and `-` zoom. */
export function TimelineTable({ steps, fromMs, toMs, others, omitted = 0, focusKey, ...given }: TimelineTableProps) {
  const words = useWords();
  const table = useRef<HTMLTableElement>(null);
  const [zoom, setZoom] = useState<Span | null>(null);
  const [isFolded, setFolded] = useState(true);
  const [focused, setFocused] = useState(0);
  const [isWhole, setWhole] = useState(false);
  const [own, setOwn] = useState<number | null>(null);
  const selected = given.onSelect ? (given.selected ?? null) : own;
  const select = given.onSelect ?? setOwn;
  useFocusKey(focusKey, table);
  const whole = useMemo(() => ({ fromMs, toMs: Math.max(toMs, fromMs + 1) }), [fromMs, toMs]);
  const layout = useMemo(
    () => layoutTimeline({ steps, whole, zoom, isFolded, ...(others ? { others } : {}) }),
    [steps, whole, zoom, isFolded, others],
  );
  const bands = layout.scale.folds.length;
  const rows = isWhole ? layout.rows : layout.rows.slice(0, FIRST_ROWS);
  const keys = {
    rows: rows.length,
    focused,
    focus: (index: number) => table.current && pageElement(table.current).querySelectorAll('.rl-step')[index]?.focus(),
    zoomBy(factor: number) {
      const row = layout.rows[focused];
      const around = row ? whole.fromMs + row.afterMs + (row.tookMs ?? 0) / 2 : (whole.fromMs + whole.toMs) / 2;
      setZoom((shown) => zoomed(shown ?? whole, whole, factor, around));
    },
    reset() {
      setZoom(null);
      setFolded(true);
    },
  };
  return (
    <div className="rl rl-timeline">
      <table
        ref={table}
        style={{ '--rl-tracks': trackBackground(layout) } as CSSProperties}
        onKeyDown={(event) => onTimelineKey(event, keys)}
      >
        <caption className="rl-hidden">{words.steps}</caption>
        <thead>
          <tr>
            <th scope="col" className="rl-col-step">
              <span className="rl-hidden">{words.columnStep}</span>
            </th>
            <th scope="col" className="rl-col-none">
              <span className="rl-hidden">{words.columnStatus}</span>
            </th>
            <th scope="col" className="rl-col-none">
              <span className="rl-hidden">{words.columnAt}</span>
            </th>
            <td>
              <TimelineAxis layout={layout} zoomTo={setZoom} reset={keys.reset} unfold={() => setFolded(false)} />
            </td>
            <th scope="col" className="rl-col-took">
              <span className="rl-hidden">{words.columnTook}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <TimelineRow
              key={row.index}
              row={row}
              bands={bands}
              isSelected={row.index === selected}
              isFocusable={row.index === Math.min(focused, rows.length - 1)}
              onFocus={() => setFocused(row.index)}
              onSelect={() => select(row.index === selected ? null : row.index)}
              detail={given.onSelect ? undefined : <StepDetail step={row.step} />}
            />
          ))}
        </tbody>
      </table>
      <div className="rl-timeline-foot">
        {rows.length < layout.rows.length && (
          <button type="button" className="rl-button" onClick={() => setWhole(true)}>
            {words.showAllSteps(layout.rows.length)}
          </button>
        )}
        {omitted > 0 && <p>{words.leftOut(omitted)}</p>}
        {(zoom !== null || !isFolded) && (
          <button type="button" className="rl-button" onClick={keys.reset}>
            {zoom === null ? words.fold : words.zoomReset}
          </button>
        )}
        <TimelineLegend rows={layout.rows} />
      </div>
    </div>
  );
}
