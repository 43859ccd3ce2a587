import { isTerminal } from '@runledger/contracts/status';
import { useState } from 'react';
import type { ExecutionSummary } from '../../live/stream-source.ts';
import { useNow } from '../parts/use-now.ts';
import type { Audience } from '../words/use-words.tsx';
import { useWords } from '../words/use-words.tsx';
import type { Words } from '../words/words.ts';
import type { Column, ColumnKey } from './columns.tsx';
import { columnOf, whyOf } from './columns.tsx';
import type { RowLinkProps } from './row-link.tsx';
import { RowLink } from './row-link.tsx';

export interface ExecutionRowsProps extends Pick<RowLinkProps, 'href' | 'onOpen'> {
  executions: readonly ExecutionSummary[];
  /** Ours by their names, in any order, and your own. Default: status, why, started, took. */
  columns?: readonly (ColumnKey | Column)[];
  /** Default: `user`. */
  audience?: Audience;
  /** Names the table for whoever cannot see it. Default: from the words. */
  caption?: string;
  /** Rows that the list would not show any more; they are dimmed. */
  noLongerFits?: ReadonlySet<string>;
  /** Rows that are not there any more; they are dimmed as well. */
  deleted?: ReadonlySet<string>;
  /** The rows are being replaced. */
  isBusy?: boolean;
}

const DEFAULT_COLUMNS: readonly ColumnKey[] = ['status', 'why', 'started', 'took'];
const NONE: ReadonlySet<string> = new Set();

/** How often what depends on the time is drawn anew, in milliseconds. */
const STEP_MS = 15_000;

/** Executions as a table, as they are given; nothing is read. */
export function ExecutionRows({ executions, columns = DEFAULT_COLUMNS, ...props }: ExecutionRowsProps) {
  const { audience = 'user', caption, noLongerFits = NONE, deleted = NONE, isBusy = false, href, onOpen } = props;
  const words = useWords();
  const now = useNow(STEP_MS);
  const seen = useFirstSeen();
  const shown = columns.map((column) => columnFor(column, words, audience));
  const noteOf = (id: string) => (deleted.has(id) ? words.deleted : noLongerFits.has(id) ? words.noLongerFits : null);
  return (
    <table className="rl-table" aria-busy={isBusy || undefined}>
      <caption className="rl-hidden">{caption ?? words.caption}</caption>
      <thead>
        <tr>
          {shown.map(({ key, header, align, isMinor }) => (
            <th key={key} scope="col" data-align={align} data-column={key} data-minor={isMinor || undefined}>
              {header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {executions.map((row) => (
          <tr
            key={row.id}
            data-id={row.id}
            data-changed={seen.change(row)}
            data-dimmed={noteOf(row.id) !== null || undefined}
          >
            {shown.map(({ key, cell, align, isMinor }) =>
              cell ? (
                <td key={key} data-align={align} data-column={key} data-minor={isMinor || undefined}>
                  {cell(row)}
                </td>
              ) : (
                <th key={key} scope="row" data-column="why">
                  <RowLink execution={row} href={href} onOpen={onOpen}>
                    {row.workflow.name}
                  </RowLink>
                  <SecondLine
                    why={whyOf(row, { words, audience, now })}
                    note={noteOf(row.id)}
                    isReserved={seen.wasOpen(row)}
                  />
                </th>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface SecondLineProps {
  why: ReturnType<typeof whyOf>;
  note: string | null;
  /** Its room is kept where there is nothing to say yet: a row that ends while somebody looks pushes none down. */
  isReserved: boolean;
}

function SecondLine({ why, note, isReserved }: SecondLineProps) {
  if (!why && !note) return isReserved ? <span className="rl-why" aria-hidden="true" /> : null;
  return (
    <span className="rl-why" data-bad={why?.isBad || undefined}>
      {note}
      {note && why && ' · '}
      {why && <bdi>{why.text}</bdi>}
    </span>
  );
}

type Shown = Omit<Column, 'cell'> & { cell: Column['cell'] | null };

function columnFor(column: ColumnKey | Column, words: Words, audience: Audience): Shown {
  if (typeof column !== 'string') return column;
  if (column !== 'why') return columnOf(column, words, audience);
  return { key: column, header: audience === 'team' ? words.columnWhy : words.columnWorkflow, cell: null };
}

/** What rows were when they were first drawn. */
function useFirstSeen() {
  const [first] = useState(() => new Map<string, { revision: number; wasOpen: boolean }>());
  const firstOf = ({ id, revision, status }: ExecutionSummary) => {
    const known = first.get(id) ?? { revision, wasOpen: !isTerminal(status) };
    first.set(id, known);
    return known;
  };
  return {
    wasOpen: (row: ExecutionSummary) => firstOf(row).wasOpen,
    /** `even` and `odd` in turn where it has changed since, so that each change is tinted anew. */
    change(row: ExecutionSummary): 'even' | 'odd' | undefined {
      if (firstOf(row).revision === row.revision) return undefined;
      return row.revision % 2 === 0 ? 'even' : 'odd';
    },
  };
}
