import { ArrowUp, Columns3 } from 'lucide-react';
import { Menu } from '../../parts/menu.tsx';
import type { ColumnName } from './columns.tsx';
import { COLUMN_NAMES, columnOf, USUAL_COLUMNS } from './columns.tsx';
import { setCompact, useCompact } from './density.ts';

/** Which columns, and in which order; both stand in the address. How high rows are is kept by the browser. */
export function ColumnMenu({
  columns,
  onChange,
}: {
  columns: ColumnName[];
  onChange: (columns: string[] | null) => void;
}) {
  const isCompact = useCompact();
  const put = (next: ColumnName[]) => onChange(next.join() === USUAL_COLUMNS.join() || next.length === 0 ? null : next);
  const others = COLUMN_NAMES.filter((name) => !columns.includes(name));
  const up = (index: number) =>
    columns.map((name, at) =>
      at === index - 1 ? columns[index] : at === index ? columns[index - 1] : name,
    ) as ColumnName[];
  return (
    <Menu
      className="btn quiet"
      label={
        <>
          <Columns3 className="size-4 md:hidden" aria-hidden="true" />
          <span className="max-md:sr-only">Columns</span>
        </>
      }
    >
      {() => (
        <>
          <fieldset>
            <legend className="sr-only">Columns</legend>
            {[...columns, ...others].map((name, index) => (
              <div key={name} className="flex items-center">
                <label className="menu-item">
                  <input
                    type="checkbox"
                    checked={columns.includes(name)}
                    onChange={(event) =>
                      put(event.target.checked ? [...columns, name] : columns.filter((one) => one !== name))
                    }
                  />
                  {columnOf(name).label}
                </label>
                {index > 0 && index < columns.length && (
                  <button
                    type="button"
                    className="btn quiet"
                    aria-label={`Move ${columnOf(name).label} to the front`}
                    onClick={() => put(up(index))}
                  >
                    <ArrowUp className="size-3.5" aria-hidden="true" />
                  </button>
                )}
              </div>
            ))}
          </fieldset>
          <label className="menu-item border-t border-line">
            <input type="checkbox" checked={isCompact} onChange={(event) => setCompact(event.target.checked)} />
            Compact rows
          </label>
        </>
      )}
    </Menu>
  );
}
