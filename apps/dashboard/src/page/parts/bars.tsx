import { useId, useState } from 'react';
import { useClock } from './time.tsx';
import { useBarBrush } from './use-bar-brush.ts';

export interface BarPoint {
  startsAt: string;
  endsAt: string;
  ok: number;
  bad: number;
  rest: number;
}

interface BarsProps {
  points: BarPoint[];
  label: string;
  height?: number;
  onWindow?: (from: string, to: string) => void;
}

const WIDTH = 1_000;
const HEIGHT = 52;
/** Instants below the bars, each where its bar begins; none so far to the end that it runs into the button there. */
const TICKS = 3;
const LAST_TICK = 0.75;

const sumOf = (points: BarPoint[]) => points.reduce((sum, { ok, bad, rest }) => sum + ok + bad + rest, 0);
/** 1 execution, 1,284 executions. */
export const executions = (count: number) => `${count.toLocaleString('en-US')} execution${count === 1 ? '' : 's'}`;

/** Counts over time: failed solid, completed pale, the rest grey. A window is chosen by dragging over it, or by keys. */
export function Bars({ points, label, height = HEIGHT, onWindow }: BarsProps) {
  const clock = useClock();
  const id = useId();
  const [isTable, setTable] = useState(false);
  const failed = points.reduce((sum, { bad }) => sum + bad, 0);
  const summary = `${label}: ${executions(sumOf(points))}, ${failed.toLocaleString('en-US')} of them failed or timed out`;
  return (
    <figure aria-labelledby={id}>
      <figcaption id={id} className="sr-only">
        {summary}
      </figcaption>
      {isTable ? (
        <BarTable points={points} />
      ) : onWindow ? (
        <Brushed points={points} label={label} height={height} onWindow={onWindow} />
      ) : (
        <Drawing points={points} height={height} chosen={null} />
      )}
      <div className="relative text-end text-[11px] text-faint">
        {ticksOf(points).map(({ at, index }, count) => (
          <span
            key={at}
            className={`absolute top-0 whitespace-nowrap ${count < 2 ? '' : 'max-sm:hidden'}`}
            style={{ insetInlineStart: `${(index / points.length) * 100}%` }}
          >
            {clock.shortOf(at)}
          </span>
        ))}
        <button type="button" className="mt-0.5 min-h-7 px-1 underline" onClick={() => setTable(!isTable)}>
          {isTable ? 'As bars' : 'As a table'}
        </button>
      </div>
    </figure>
  );
}

function Brushed({ points, label, height, onWindow }: Required<Omit<BarsProps, 'label'>> & { label: string }) {
  const clock = useClock();
  const { chosen, cursor, handlers } = useBarBrush(points.length, (first, last) =>
    onWindow(points[first]?.startsAt as string, points[last]?.endsAt as string),
  );
  const bars = chosen ? points.slice(chosen.first, chosen.last + 1) : [];
  const words = chosen
    ? `${clock.shortOf(bars[0]?.startsAt as string)} to ${clock.shortOf(bars.at(-1)?.endsAt as string)}, ${executions(sumOf(bars))}`
    : 'All; arrow keys choose, Shift takes along, Enter looks closer';
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={`${label}: window`}
      aria-valuemin={0}
      aria-valuemax={points.length - 1}
      aria-valuenow={cursor}
      aria-valuetext={words}
      className="cursor-crosshair touch-pan-y"
      {...handlers}
    >
      <Drawing points={points} height={height} chosen={chosen} />
    </div>
  );
}

function Drawing({
  points,
  height,
  chosen,
}: {
  points: BarPoint[];
  height: number;
  chosen: { first: number; last: number } | null;
}) {
  const most = Math.max(1, ...points.map((point) => sumOf([point])));
  const width = WIDTH / points.length;
  const rect = (point: BarPoint, index: number) => {
    let y = height;
    const part = (count: number, name: string) => {
      const tall = (count / most) * (height - 4);
      y -= tall;
      return (
        count > 0 && (
          <rect key={name} className={name} x={index * width + 1} width={Math.max(1, width - 2)} y={y} height={tall} />
        )
      );
    };
    return [part(point.ok, 'ok'), part(point.rest, 'rest'), part(point.bad, 'bad')];
  };
  return (
    <svg
      className="bars block w-full"
      viewBox={`0 0 ${WIDTH} ${height}`}
      preserveAspectRatio="none"
      style={{ height }}
      aria-hidden="true"
    >
      {points.map(rect)}
      {chosen && (
        <rect
          className="brush"
          x={chosen.first * width}
          width={(chosen.last - chosen.first + 1) * width}
          y={0}
          height={height}
        />
      )}
    </svg>
  );
}

function BarTable({ points }: { points: BarPoint[] }) {
  const clock = useClock();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
    <div className="max-h-60 overflow-auto" tabIndex={0}>
      <table className="tbl">
        <thead>
          <tr>
            <th scope="col">From</th>
            {['Completed', 'Failed', 'Other'].map((name) => (
              <th key={name} scope="col" className="num">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr key={point.startsAt}>
              <td>{clock.shortOf(point.startsAt)}</td>
              <td className="num">{point.ok}</td>
              <td className="num">{point.bad}</td>
              <td className="num">{point.rest}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const ticksOf = (points: BarPoint[]) =>
  points
    .map(({ startsAt }, index) => ({ at: startsAt, index }))
    .filter(
      ({ index }) => index % Math.max(1, Math.ceil(points.length / TICKS)) === 0 && index <= LAST_TICK * points.length,
    );
