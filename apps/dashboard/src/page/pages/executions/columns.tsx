import { shownTags } from '@runledger/client/react';
import { formatDuration } from '@runledger/contracts/format-duration';
import type { ReactNode } from 'react';
import { Fragment } from 'react';
import { Link } from 'wouter';
import type { Clock } from '../../parts/clock.ts';
import { shortId, tookOf, whyOf } from '../../parts/row-words.ts';
import type { ListedExecution } from '../../parts/status.tsx';
import { HealthLabel, StatusLabel } from '../../parts/status.tsx';
import { Ago, useNow } from '../../parts/time.tsx';
import { UserName } from '../../parts/user-name.tsx';
import { useSession } from '../../session/session.ts';
import type { Sort } from './list-address.ts';

export interface CellContext {
  clock: Clock;
  /** Why the row is dimmed, in a word or three; `null` where it is not. */
  gone: string | null;
  /** It is not sure that what is open stands as it is shown. */
  isDoubted: boolean;
}

interface Column {
  label: string;
  /** Of the column, whatever is in it: a change in one row measures none of the others. */
  width: string;
  /** What the list can be sorted by, without its direction. */
  sort?: 'started' | 'ended' | 'took';
  isNumber?: boolean;
  /** Left out on a narrow screen. */
  isExtra?: boolean;
  draw: (row: ListedExecution, context: CellContext) => ReactNode;
}

/** Everything that a row can show: drives the table, the choice of columns and the address. */
const COLUMNS = {
  status: {
    width: 'w-32',
    label: 'Status',
    draw: (row) => (
      <span className="grid justify-items-start">
        <StatusLabel status={row.status} />
        <HealthLabel health={row.health} />
      </span>
    ),
  },
  why: {
    width: '',
    label: 'Workflow and why',
    draw: (row, context) => (
      <>
        <Link href={`/executions/${row.id}`} className="block truncate font-[560]" data-open>
          {row.workflow.name}
        </Link>
        <Why row={row} {...context} />
      </>
    ),
  },
  started: {
    width: 'w-28',
    label: 'Started',
    sort: 'started',
    draw: (row, { clock }) => <Ago at={row.startedAt} clock={clock} />,
  },
  ended: {
    width: 'w-28',
    label: 'Ended',
    sort: 'ended',
    isExtra: true,
    draw: (row, { clock }) => (row.completedAt === null ? '–' : <Ago at={row.completedAt} clock={clock} />),
  },
  took: {
    width: 'w-28',
    label: 'Took',
    sort: 'took',
    isNumber: true,
    draw: (row) => <Took row={row} />,
  },
  user: { width: 'w-28', label: 'User', isExtra: true, draw: (row) => <UserName of={row} /> },
  tags: {
    width: 'w-36',
    label: 'Tags',
    isExtra: true,
    draw: ({ tags }) =>
      tags.length > 0 && (
        <span className="tags" title={tags.join(', ')}>
          {shownTags(tags).map(({ text, title }) => (
            <span key={title} className="tag" title={title}>
              {text}
            </span>
          ))}
        </span>
      ),
  },
  runs: { width: 'w-16', label: 'Runs', isNumber: true, isExtra: true, draw: (row) => row.runCount },
  verdict: { width: 'w-28', label: 'Verdict', isExtra: true, draw: (row) => row.verdict ?? '–' },
  id: {
    width: 'w-20',
    label: 'Id',
    isNumber: true,
    isExtra: true,
    draw: (row) => (
      <code title={row.id} className="text-muted">
        {shortId(row.id)}
      </code>
    ),
  },
} as const satisfies Record<string, Column>;

/** Why, or how it stands. Its line is there without words too: a row that ends while somebody looks pushes none down. */
function Why({ row, clock, gone, isDoubted }: { row: ListedExecution } & CellContext) {
  const now = useNow(WORDS_MS);
  const session = useSession();
  const why = whyOf(row, clock, now, session?.user);
  const doubt =
    isDoubted && row.checkedAt && row.completedAt === null ? `As of ${clock.shortOf(row.checkedAt, now)}` : null;
  return (
    <span
      className={`sub-line max-w-[64ch] truncate ${why?.isBad ? 'text-danger' : 'text-muted'}`}
      title={why?.text ?? undefined}
      // What programs and people write may run from the right.
      dir="auto"
    >
      {gone && <b className="font-[540] text-muted">{gone}</b>}
      {[doubt, why?.text].filter(Boolean).map((text, index) => (
        <Fragment key={text}>{`${gone || index > 0 ? ' · ' : ''}${text}`}</Fragment>
      ))}
    </span>
  );
}

/** How often what a row says of the time is drawn anew, in milliseconds. */
const WORDS_MS = 10_000;

/** How long, counted on while it runs. */
function Took({ row }: { row: ListedExecution }) {
  const now = useNow();
  const took = tookOf(row, now);
  if (took === null) return '–';
  const isSlow = row.usual !== null && row.usual.p95 > 0 && took > row.usual.p95;
  return (
    <>
      <span className="nowrap">{formatDuration(took)}</span>
      {isSlow && row.usual && (
        <span className="sub-line font-[540] text-warning">{`${timesUsual(took / Math.max(1, row.usual.p50))}× usual`}</span>
      )}
    </>
  );
}

/** How many times what is usual is told at most: beyond it the digits say nothing, and its line has no room for them. */
const MOST_TIMES = 999;
/** With a digit after the point where that says something. */
const timesUsual = (times: number): string =>
  times > MOST_TIMES ? `${MOST_TIMES}+` : times.toFixed(times < 10 ? 1 : 0);

export type ColumnName = keyof typeof COLUMNS;
export const COLUMN_NAMES = Object.keys(COLUMNS) as ColumnName[];
export const USUAL_COLUMNS: ColumnName[] = ['status', 'why', 'started', 'took', 'user', 'tags', 'id'];

export const columnOf = (name: ColumnName): Column => COLUMNS[name];

/** The columns that the address names, in its order; unknown ones are left out. */
export function shownColumns(named: string[] | null): ColumnName[] {
  const known = (named ?? []).filter((name): name is ColumnName => Object.hasOwn(COLUMNS, name));
  return known.length > 0 ? known : USUAL_COLUMNS;
}

/** What a click on a heading sorts by: newest and longest first, then the other way round. */
export function nextSort(column: Column, sort: Sort): Sort | null {
  if (!column.sort) return null;
  return sort === `-${column.sort}` ? column.sort : `-${column.sort}`;
}
