import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useClock } from './time.tsx';

interface FigureProps {
  value: number;
  /** How it is meant: `capped` is at least so many, `estimated` is within 2 %. */
  exactness: 'exact' | 'capped' | 'estimated';
  /** When it was so. */
  asOf?: string | null;
  /** The rows that it counted; `null` where no list shows exactly those. */
  href: string | null;
  /** Read with it: `1,284 executions`. */
  unit?: string;
  className?: string;
  children?: ReactNode;
}

const WORDS = { exact: 'exact', capped: 'at least', estimated: 'about' };
const grouped = new Intl.NumberFormat('en-US');

/** The only way to print a count: how exact it is, as of when, and a link to what it counted. */
export function Figure({ value, exactness, asOf = null, href, unit, className = '', children }: FigureProps) {
  const clock = useClock();
  const text = `${exactness === 'estimated' ? 'about ' : ''}${grouped.format(value)}${exactness === 'capped' ? '+' : ''}`;
  const title = `${WORDS[exactness]}${exactness === 'exact' ? '' : ` ${grouped.format(value)}`}${asOf ? `, as of ${clock.timeOf(asOf)}` : ''}`;
  const said = (
    <>
      {text}
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
  const meant = exactness === 'exact' ? 'exact' : `${WORDS[exactness]} ${grouped.format(value)}`;
  return <span className="exactness">{`${meant}${asOf ? `, as of ${clock.timeOf(asOf)}` : ''}`}</span>;
}
