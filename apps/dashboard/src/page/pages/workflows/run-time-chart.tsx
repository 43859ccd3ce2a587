import { useRunledger } from '@runledger/client/react';
import { formatDuration } from '@runledger/contracts/format-duration';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import type { BarPoint } from '../../parts/bars.tsx';
import { Bars, executions } from '../../parts/bars.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Loaded } from '../../parts/states.tsx';
import { useClock, useZone } from '../../parts/time.tsx';
import type { Window } from '../../parts/window.ts';
import { stepOf } from '../../parts/window.ts';
import { of as listed } from '../../session/scope.ts';
import { listHref } from '../executions/list-address.ts';

const WIDTH = 1_000;
const HEIGHT = 130;
const STEPS = { '5min': 'by 5 minutes', hour: 'by hour', day: 'by day' };

/** Run times as lines over what was started as bars; drag over the bars to choose a part. */
export function RunTimeChart({
  workflowId,
  window,
  of,
}: {
  workflowId: string;
  window: Window;
  of: 'caller' | 'everyone';
}) {
  const { trpc } = useRunledger();
  const timeZone = useZone();
  const clock = useClock();
  const [, setSearch] = useSearchParams();
  const [brush, setBrush] = useState<Window | null>(null);
  const step = stepOf(window);
  const series = useQuery({
    ...trpc.execution.getTimeSeries.queryOptions({ workflowId, ...window, step, timeZone, of }),
    placeholderData: keepPreviousData,
  });
  return (
    <Panel title="Run time and outcomes" note={`${STEPS[step]}${of === 'everyone' ? ', all users' : ''}`}>
      <Loaded query={series} what="The chart">
        {({ points }) => {
          const bars = points.map(
            (point): BarPoint => ({
              startsAt: point.startsAt,
              endsAt: point.endsAt,
              ok: point.completed,
              bad: point.failed + point.timedOut,
              rest: point.pending + point.running + point.cancelled + point.terminated,
            }),
          );
          const chosen = brush ? bars.filter(({ startsAt }) => startsAt >= brush.from && startsAt < brush.to) : [];
          const sum = (of: (bar: BarPoint) => number) => chosen.reduce((all, bar) => all + of(bar), 0);
          return (
            <>
              <div className="px-4 pt-3">
                <Lines points={points} />
                <Bars points={bars} label="Started" height={72} onWindow={(from, to) => setBrush({ from, to })} />
              </div>
              {brush && (
                <div className="flex flex-wrap items-center gap-2.5 border-t border-line px-4 py-2.5" role="status">
                  <b className="font-[560]">{`${clock.shortOf(brush.from)} – ${clock.shortOf(brush.to)}:`}</b>
                  <span className="text-muted">{`${executions(sum(({ ok, bad, rest }) => ok + bad + rest))}, ${sum(({ bad }) => bad).toLocaleString('en-US')} failed`}</span>
                  {of === listed && (
                    <Link className="btn" href={listHref({ workflowIds: [workflowId], ...brush })}>
                      Show these
                    </Link>
                  )}
                  <button
                    type="button"
                    className="btn quiet"
                    onClick={() => {
                      setSearch((before) => {
                        before.set('from', brush.from);
                        before.set('to', brush.to);
                        return before;
                      });
                      setBrush(null);
                    }}
                  >
                    Zoom in
                  </button>
                  <button type="button" className="btn quiet" onClick={() => setBrush(null)}>
                    Clear
                  </button>
                </div>
              )}
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}

interface Timed {
  startsAt: string;
  p50Duration: number | null;
  p95Duration: number | null;
}

/** Half and 95 of 100 within; gaps where nothing ended. */
function Lines({ points }: { points: Timed[] }) {
  const most = Math.max(0, ...points.map(({ p95Duration }) => p95Duration ?? 0));
  if (most === 0) return null;
  const x = scaleLinear([0, points.length], [0, WIDTH]);
  const y = scaleLinear([0, most], [HEIGHT, 6]).nice(3);
  const path = (timeOf: (point: Timed) => number | null) => {
    const isThere = (index: number) => points[index] !== undefined && timeOf(points[index]) !== null;
    const drawn = line<Timed>()
      .defined((point) => timeOf(point) !== null)
      .x((_, index) => x(index + 0.5))
      .y((point) => y(timeOf(point) as number))(points);
    // A line of one point would be a speck: that is drawn as wide as its bar.
    const alone = points.map((point, index) =>
      isThere(index) && !isThere(index - 1) && !isThere(index + 1)
        ? `M${x(index + 0.1)},${y(timeOf(point) as number)}H${x(index + 0.9)}`
        : '',
    );
    return [drawn, ...alone].join('');
  };
  return (
    <div className="relative mb-1">
      <svg
        className="bars block w-full"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        style={{ height: HEIGHT }}
        role="img"
        aria-label={`95 of 100 took at most ${formatDuration(most)}`}
      >
        {y.ticks(3).map((tick) => (
          <line
            key={tick}
            x1={0}
            x2={WIDTH}
            y1={y(tick)}
            y2={y(tick)}
            className="grid-line"
            vectorEffect="non-scaling-stroke"
          />
        ))}
        <path d={path(({ p95Duration }) => p95Duration)} className="p95" vectorEffect="non-scaling-stroke" />
        <path d={path(({ p50Duration }) => p50Duration)} className="p50" vectorEffect="non-scaling-stroke" />
      </svg>
      {y.ticks(3).map((tick) => (
        <span
          key={tick}
          className="absolute start-0 text-[11px] text-faint"
          style={{ top: y(tick) - 16 }}
          aria-hidden="true"
        >
          {formatDuration(tick)}
        </span>
      ))}
      <p className="text-[11.5px] text-faint">
        <span className="text-primary">——</span> 95 of 100 within <span className="ms-3 text-primary">- - -</span> half
        within
      </p>
    </div>
  );
}
