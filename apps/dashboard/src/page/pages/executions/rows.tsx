import { DEFAULT_WORDS } from '@runledger/client/react';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { memo, useCallback, useEffect, useRef, useState } from 'react';
import type { ListedExecution } from '../../parts/status.tsx';
import { useClock } from '../../parts/time.tsx';
import { useDoubt } from '../../shell/proof-bar.tsx';
import type { CellContext, ColumnName } from './columns.tsx';
import { columnOf, nextSort } from './columns.tsx';
import { useCompact } from './density.ts';
import type { Sort } from './list-address.ts';
import { useRowWindow } from './row-window.ts';

interface RowsProps {
  rows: ListedExecution[];
  columns: ColumnName[];
  /** Those among them that the filter does not fit any more. */
  noLongerFits: ReadonlySet<string>;
  /** Those that were deleted while somebody looked. */
  deleted: ReadonlySet<string>;
  sort: Sort;
  selected: ReadonlySet<string>;
  /** The row that keys act on. */
  current: string | null;
  /** Without it the headings sort nothing. */
  onSort?: (sort: Sort) => void;
  /** Without it nothing can be selected. */
  onSelect?: (id: string, isRange: boolean) => void;
  onSelectAll?: (isSelected: boolean) => void;
  caption: string;
}

/** A real table. Rows change in place: none moves, and one that no longer fits the filter, or was deleted, stays, dimmed, until it is asked for anew. */
export function Rows({
  rows,
  columns,
  noLongerFits,
  deleted,
  sort,
  selected,
  current,
  onSort,
  onSelect,
  onSelectAll,
  caption,
}: RowsProps) {
  const clock = useClock();
  const isDoubted = useDoubt();
  const isCompact = useCompact();
  const drawn = useRowWindow(rows.length, isCompact);
  // The same function for every drawing, so that a row is drawn anew only when it changes.
  const latest = useRef(onSelect);
  latest.current = onSelect;
  const select = useCallback((id: string, isRange: boolean) => latest.current?.(id, isRange), []);
  const isAll = rows.length > 0 && rows.every(({ id }) => selected.has(id));
  return (
    <table className="tbl executions" data-compact={isCompact || undefined}>
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr>
          {onSelectAll && (
            <th scope="col" className="w-9">
              <input
                type="checkbox"
                aria-label="Select all that are shown"
                checked={isAll}
                onChange={(event) => onSelectAll(event.target.checked)}
              />
            </th>
          )}
          {columns.map((name) => (
            <Heading key={name} name={name} sort={sort} onSort={onSort} />
          ))}
        </tr>
      </thead>
      <tbody ref={drawn.body}>
        <Left height={drawn.above} />
        {rows.slice(drawn.from, drawn.to).map((row) => (
          <Row
            key={row.id}
            row={row}
            columns={columns}
            clock={clock}
            gone={
              deleted.has(row.id) ? DEFAULT_WORDS.deleted : noLongerFits.has(row.id) ? DEFAULT_WORDS.noLongerFits : null
            }
            isDoubted={isDoubted}
            isSelected={selected.has(row.id)}
            isCurrent={current === row.id}
            onSelect={onSelect && select}
          />
        ))}
        <Left height={drawn.below} />
      </tbody>
    </table>
  );
}

/** The room of rows that are not drawn. */
const Left = ({ height }: { height: number }) =>
  height > 0 && (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row is not focusable, and this one is empty
    <tr aria-hidden="true">
      <td style={{ height }} />
    </tr>
  );

function Heading({ name, sort, onSort }: { name: ColumnName; sort: Sort; onSort: RowsProps['onSort'] }) {
  const column = columnOf(name);
  const next = nextSort(column, sort);
  const isSorted = column.sort !== undefined && sort.replace('-', '') === column.sort;
  const isDown = sort.startsWith('-');
  const Arrow = isDown ? ArrowDown : ArrowUp;
  const className = `${column.isNumber ? 'num' : ''} ${column.isExtra ? 'max-lg:hidden' : ''} ${column.width}`;
  if (!next || !onSort)
    return (
      <th scope="col" className={className}>
        {column.label}
      </th>
    );
  return (
    <th scope="col" className={className} aria-sort={isSorted ? (isDown ? 'descending' : 'ascending') : undefined}>
      <button type="button" className="min-h-6 font-[540]" onClick={() => onSort(next)}>
        {column.label}
        {/* Beside the word, not in its line: columns keep their width, and hundreds of rows their layout. */}
        {isSorted && <Arrow className="absolute ms-0.5 mt-0.75 inline size-3.5" aria-hidden="true" />}
      </button>
    </th>
  );
}

interface RowProps extends CellContext {
  row: ListedExecution;
  columns: ColumnName[];
  isSelected: boolean;
  isCurrent: boolean;
  onSelect: RowsProps['onSelect'];
}

const Row = memo(function Row({ row, columns, isSelected, isCurrent, onSelect, ...context }: RowProps) {
  const isChanged = useChanged(row.revision);
  const element = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (isCurrent) element.current?.scrollIntoView({ block: 'nearest' });
  }, [isCurrent]);
  return (
    <tr
      ref={element}
      data-id={row.id}
      data-current={isCurrent || undefined}
      aria-selected={isSelected}
      data-dimmed={context.gone !== null || undefined}
      className={isChanged ? 'changed' : undefined}
    >
      {onSelect && (
        <td>
          <input
            type="checkbox"
            aria-label={`Select ${row.workflow.name}, started ${context.clock.instantOf(row.startedAt)}`}
            checked={isSelected}
            onChange={() => {}}
            onClick={(event) => onSelect(row.id, event.shiftKey)}
          />
        </td>
      )}
      {columns.map((name) => {
        const column = columnOf(name);
        return (
          <td
            key={name}
            data-column={name}
            className={`${column.isNumber ? 'num' : ''} ${column.isExtra ? 'max-lg:hidden' : ''}`}
          >
            {column.draw(row, context)}
          </td>
        );
      })}
    </tr>
  );
});

/** True for a moment after each change but the first. */
function useChanged(revision: number): boolean {
  const [shown, setShown] = useState(revision);
  const isChanged = shown !== revision;
  useEffect(() => {
    if (!isChanged) return;
    const timer = setTimeout(() => setShown(revision), 2_000);
    return () => clearTimeout(timer);
  }, [isChanged, revision]);
  return isChanged;
}
