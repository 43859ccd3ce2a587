import type { PointerEvent } from 'react';
import { useId, useState } from 'react';
import { useClock } from './time.tsx';

export interface BarPoint {
  startsAt: string;
  endsAt: string;
  ok: number;
  bad: number;
  rest: number;
}

const WIDTH = 1_000;
const HEIGHT = 52;
const TICKS = 4;

/** Counts over time: failed solid, completed pale, the rest grey. Drag over it to choose a window. */
export function Bars({
  points,
  label,
  height = HEIGHT,
  onWindow,
}: {
  points: BarPoint[];
  label: string;
  height?: number;
  onWindow?: (from: string, to: string) => void;
}) {
  const clock = useClock();
  const id = useId();
  const [brush, setBrush] = useState<{ from: number; to: number } | null>(null);
  const [isTable, setTable] = useState(false);
  const most = Math.max(1, ...points.map(({ ok, bad, rest }) => ok + bad + rest));
  const width = WIDTH / points.length;
  const all = points.reduce((sum, { ok, bad, rest }) => sum + ok + bad + rest, 0);
  const failed = points.reduce((sum, { bad }) => sum + bad, 0);
  const summary = `${label}: ${all.toLocaleString('en-US')} executions, ${failed.toLocaleString('en-US')} of them failed or timed out`;

  const at = (event: PointerEvent<SVGSVGElement>) => {
    const { left, width: wide } = event.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(points.length - 1, Math.floor(((event.clientX - left) / wide) * points.length)));
  };
  function choose(): void {
    if (!brush) return;
    const [first, last] = [Math.min(brush.from, brush.to), Math.max(brush.from, brush.to)];
    setBrush(null);
    onWindow?.(points[first]?.startsAt as string, points[last]?.endsAt as string);
  }
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
    <figure aria-labelledby={id}>
      <figcaption id={id} className="sr-only">
        {summary}
      </figcaption>
      {isTable ? (
        <div className="max-h-60 overflow-auto">
          <table className="tbl">
            <thead>
              <tr>
                <th scope="col">From</th>
                <th scope="col" className="num">
                  Completed
                </th>
                <th scope="col" className="num">
                  Failed
                </th>
                <th scope="col" className="num">
                  Other
                </th>
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
      ) : (
        <svg
          className={`bars block w-full ${onWindow ? 'cursor-crosshair touch-pan-y' : ''}`}
          viewBox={`0 0 ${WIDTH} ${height}`}
          preserveAspectRatio="none"
          style={{ height }}
          aria-hidden="true"
          onPointerDown={(event) => {
            if (!onWindow) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            setBrush({ from: at(event), to: at(event) });
          }}
          onPointerMove={(event) => brush && setBrush({ ...brush, to: at(event) })}
          onPointerUp={choose}
          onPointerCancel={() => setBrush(null)}
        >
          {points.map(rect)}
          {brush && (
            <rect
              className="brush"
              x={Math.min(brush.from, brush.to) * width}
              width={(Math.abs(brush.to - brush.from) + 1) * width}
              y={0}
              height={height}
            />
          )}
        </svg>
      )}
      <div className="flex justify-between text-[11px] text-faint">
        {ticksOf(points).map((point) => (
          <span key={point.startsAt}>{clock.shortOf(point.startsAt)}</span>
        ))}
        <button type="button" className="min-h-6 underline" onClick={() => setTable(!isTable)}>
          {isTable ? 'As bars' : 'As a table'}
        </button>
      </div>
    </figure>
  );
}

const ticksOf = (points: BarPoint[]) =>
  points.filter((_, index) => index % Math.max(1, Math.ceil(points.length / TICKS)) === 0);
