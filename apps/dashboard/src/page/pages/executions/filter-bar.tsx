import type { ExecutionFilter } from '@runledger/contracts/filter';
import { Plus, Search, X } from 'lucide-react';
import type { FormEvent } from 'react';
import { useEffect, useState } from 'react';
import { Menu } from '../../parts/menu.tsx';
import { useClock } from '../../parts/time.tsx';
import { AddFilter, Editor } from './filter-editors.tsx';
import type { Names } from './filter-words.ts';
import { filterWords, without } from './filter-words.ts';

interface FilterBarProps {
  filter: ExecutionFilter;
  names: Names;
  workflows: { id: string; name: string }[];
  onChange: (filter: ExecutionFilter) => void;
}

const LEAST_SEARCH = 3;
/** What somebody pastes that they were sent: no error message looks like it. */
const ID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** What the list is of: always visible, each part changeable and removable. */
export function FilterBar({ filter, names, workflows, onChange }: FilterBarProps) {
  const clock = useClock();
  const words = filterWords(filter, clock, names);
  const put = (part: Partial<ExecutionFilter>) => onChange(clean({ ...filter, ...part }));
  return (
    <>
      <SearchField
        text={filter.text ?? ''}
        onSearch={(text) =>
          put(ID.test(text) ? { ids: [text.toLowerCase()], text: undefined } : { text: text || undefined })
        }
      />
      {words.map(({ keys, label, text }) => (
        <span key={label} className="chip">
          <Menu
            className=""
            label={
              <>
                <b>{label}</b> <span className="inline-block max-w-48 truncate align-bottom">{text}</span>
              </>
            }
          >
            {(close) => (
              <Editor field={keys[0] as string} filter={filter} workflows={workflows} put={put} close={close} />
            )}
          </Menu>
          <button type="button" aria-label={`Remove ${label} ${text}`} onClick={() => onChange(without(filter, keys))}>
            <X className="size-3.5" aria-hidden="true" />
          </button>
        </span>
      ))}
      <Menu
        label={
          <>
            <Plus className="size-4 text-muted" aria-hidden="true" /> Filter <kbd>f</kbd>
          </>
        }
        className="btn add-filter"
      >
        {(close) => <AddFilter filter={filter} workflows={workflows} put={put} close={close} />}
      </Menu>
    </>
  );
}

/** Parts that were emptied are gone. */
const clean = (filter: ExecutionFilter): ExecutionFilter =>
  Object.fromEntries(
    Object.entries(filter).filter(
      ([, part]) => part !== undefined && part !== '' && !(Array.isArray(part) && part.length === 0),
    ),
  );

function SearchField({ text, onSearch }: { text: string; onSearch: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  const isShort = typed.trim().length > 0 && typed.trim().length < LEAST_SEARCH;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isShort) onSearch(typed.trim());
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: browsers that people have do not all know <search>
    <form role="search" className="search" onSubmit={submit}>
      <Search className="size-4" aria-hidden="true" />
      <input
        data-search
        type="search"
        placeholder="Search error messages, or paste an id"
        aria-label="Search error messages"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          if (event.target.value === '' && text) onSearch('');
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      {isShort ? <span className="text-xs">3 letters at least</span> : <kbd>/</kbd>}
    </form>
  );
}
