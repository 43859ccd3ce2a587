import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Clock } from './clock.ts';
import type { Exactness as Meant } from './counted.ts';
import { counted, exactnessWords } from './counted.ts';
import { useClock } from './time.tsx';

interface FigureProps {
  value: number;
  exactness: Meant;
  /** When it was so. */
  asOf?: string | null;
  /** The rows that it counted; `null` where no list shows exactly those. */
  href: string | null;
  /** Read with it: `1,284 executions`. */
  unit?: string;
  className?: string;
  children?: ReactNode;
}

const wordsOf = (value: number, exactness: Meant, asOf: string | null, clock: Clock) =>
  `${exactnessWords(value, exactness)}${asOf ? `, as of ${clock.timeOf(asOf)}` : ''}`;

/** The only way to print a count: how exact it is, as of when, and a link to what it counted. */
export function Figure({ value, exactness, asOf = null, href, unit, className = '', children }: FigureProps) {
  const clock = useClock();
  const title = wordsOf(value, exactness, asOf, clock);
  const said = (
    <>
      {counted(value, exactness)}
      {unit && ` ${unit}`}
      {children}
    </>
  );
  if (href === null)
    return (
      <span className={`figure ${className}`} title={title}>
        {said}
      </span>
    );
  return (
    <Link href={href} className={`figure ${className}`} title={title}>
      {said}
    </Link>
  );
}

/** How exact the number beside it is, and as of when, as words. */
export function Exactness({ exactness, asOf, value }: Pick<FigureProps, 'exactness' | 'asOf' | 'value'>) {
  const clock = useClock();
  return <span className="exactness">{wordsOf(value, exactness, asOf ?? null, clock)}</span>;
}
