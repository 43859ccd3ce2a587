import type { ExecutionFilter } from '@runledger/contracts/filter';
import { Plus, Search, X } from 'lucide-react';
import type { FormEvent } from 'react';
import { useEffect, useState } from 'react';
import { Menu } from '../../parts/menu.tsx';
import { HEALTH_LABELS, STATUS_LABELS } from '../../parts/status.tsx';
import { useClock } from '../../parts/time.tsx';
import type { Names } from './filter-words.ts';
import { filterWords, without } from './filter-words.ts';

interface FilterBarProps {
  filter: ExecutionFilter;
  names: Names;
  workflows: { id: string; name: string }[];
  onChange: (filter: ExecutionFilter) => void;
}

const LEAST_SEARCH = 3;

/** What the list is of: always visible, each part changeable and removable. */
export function FilterBar({ filter, names, workflows, onChange }: FilterBarProps) {
  const clock = useClock();
  const words = filterWords(filter, clock, names);
  const put = (part: Partial<ExecutionFilter>) => onChange(clean({ ...filter, ...part }));
  return (
    <>
      <SearchField text={filter.text ?? ''} onSearch={(text) => put({ text: text || undefined })} />
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
        placeholder="Search error messages"
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

interface EditorProps {
  filter: ExecutionFilter;
  workflows: { id: string; name: string }[];
  put: (part: Partial<ExecutionFilter>) => void;
  close: () => void;
}

const FIELDS = [
  ['s', 'status', 'Status'],
  ['h', 'health', 'Health'],
  ['t', 'from', 'Started'],
  ['e', 'endedFrom', 'Ended'],
  ['w', 'workflowIds', 'Workflow'],
  ['g', 'tags', 'Tag'],
  ['d', 'minDurationMs', 'Took'],
  ['r', 'minRuns', 'Runs'],
  ['v', 'verdict', 'Verdict'],
  ['a', 'authority', 'Known from'],
] as const;

function AddFilter(props: EditorProps) {
  const [field, setField] = useState<string | null>(null);
  if (field) return <Editor field={field} {...props} />;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: letters are a shorter way to the buttons in it
    <div
      onKeyDown={(event) => {
        const known = FIELDS.find(([letter]) => letter === event.key);
        if (known) setField(known[1]);
      }}
    >
      {FIELDS.map(([letter, name, label]) => (
        <button key={name} type="button" className="menu-item" onClick={() => setField(name)}>
          {label} <kbd className="ms-auto">{letter}</kbd>
        </button>
      ))}
    </div>
  );
}

/** The choice of one part. */
function Editor({ field, filter, workflows, put, close }: EditorProps & { field: string }) {
  switch (field) {
    case 'status':
      return <Choices labels={STATUS_LABELS} chosen={filter.status ?? []} onChange={(status) => put({ status })} />;
    case 'health':
      return <Choices labels={HEALTH_LABELS} chosen={filter.health ?? []} onChange={(health) => put({ health })} />;
    case 'workflowIds':
    case 'workflowId':
      return (
        <Choices
          labels={Object.fromEntries(workflows.map(({ id, name }) => [id, name]))}
          chosen={filter.workflowIds ?? (filter.workflowId ? [filter.workflowId] : [])}
          onChange={(workflowIds) => put({ workflowIds, workflowId: undefined })}
        />
      );
    case 'from':
    case 'to':
      return <Window from={filter.from} to={filter.to} onChange={(from, to) => put({ from, to })} close={close} />;
    case 'endedFrom':
    case 'endedTo':
      return (
        <Window
          from={filter.endedFrom}
          to={filter.endedTo}
          onChange={(endedFrom, endedTo) => put({ endedFrom, endedTo })}
          close={close}
        />
      );
    case 'authority':
      return (
        <Choices
          labels={{ engine: 'Temporal', reported: 'A report only' }}
          chosen={filter.authority ? [filter.authority] : []}
          onChange={(chosen) => put({ authority: chosen.at(-1) })}
        />
      );
    case 'minDurationMs':
      return (
        <Numbers
          label="seconds"
          unit={1_000}
          least={filter.minDurationMs}
          most={filter.maxDurationMs}
          onChange={(minDurationMs, maxDurationMs) => put({ minDurationMs, maxDurationMs })}
          close={close}
        />
      );
    case 'minRuns':
      return (
        <Numbers
          label="runs"
          unit={1}
          least={filter.minRuns}
          most={filter.maxRuns}
          onChange={(minRuns, maxRuns) => put({ minRuns, maxRuns })}
          close={close}
        />
      );
    case 'tags':
      return (
        <Words
          label="Any of these tags, with commas between"
          value={(filter.tags ?? []).join(', ')}
          onChange={(text) =>
            put({
              tags: text
                .split(',')
                .map((tag) => tag.trim())
                .filter(Boolean),
            })
          }
          close={close}
        />
      );
    case 'verdict':
      return (
        <Words
          label="Exactly this verdict"
          value={filter.verdict ?? ''}
          onChange={(verdict) => put({ verdict })}
          close={close}
        />
      );
    default:
      return <p className="p-2 text-muted">Remove it with the cross.</p>;
  }
}

function Choices<T extends string>({
  labels,
  chosen,
  onChange,
}: {
  labels: Record<T, string>;
  chosen: readonly T[];
  onChange: (chosen: T[]) => void;
}) {
  return (
    <fieldset>
      {(Object.keys(labels) as T[]).map((value) => (
        <label key={value} className="menu-item">
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={(event) =>
              onChange(event.target.checked ? [...chosen, value] : chosen.filter((one) => one !== value))
            }
          />
          {labels[value]}
        </label>
      ))}
    </fieldset>
  );
}

const PRESETS = [
  ['-15m', 'Last 15 minutes'],
  ['-1h', 'Last hour'],
  ['-24h', 'Last 24 hours'],
  ['-7d', 'Last 7 days'],
  ['-30d', 'Last 30 days'],
] as const;

/** As `datetime-local` wants it: in this machine’s zone, without one. */
function localOf(instant: string | undefined): string {
  const at = instant && !instant.startsWith('-') ? new Date(instant) : null;
  if (!at) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
const instantOf = (local: string): string | undefined => (local ? new Date(local).toISOString() : undefined);

function Window({
  from,
  to,
  onChange,
  close,
}: {
  from: string | undefined;
  to: string | undefined;
  onChange: (from: string | undefined, to: string | undefined) => void;
  close: () => void;
}) {
  const [begin, setBegin] = useState(localOf(from));
  const [end, setEnd] = useState(localOf(to));
  return (
    <div className="w-64">
      {PRESETS.map(([value, label]) => (
        <button
          key={value}
          type="button"
          className="menu-item"
          aria-pressed={from === value && !to}
          onClick={() => {
            onChange(value, undefined);
            close();
          }}
        >
          {label}
        </button>
      ))}
      <form
        className="stack border-t border-line p-2"
        onSubmit={(event) => {
          event.preventDefault();
          onChange(instantOf(begin), instantOf(end));
          close();
        }}
      >
        <label className="field">
          <span>From</span>
          <input type="datetime-local" value={begin} onChange={(event) => setBegin(event.target.value)} />
        </label>
        <label className="field">
          <span>To</span>
          <input type="datetime-local" value={end} min={begin} onChange={(event) => setEnd(event.target.value)} />
        </label>
        <button type="submit" className="btn">
          Apply
        </button>
      </form>
    </div>
  );
}

function Numbers({
  label,
  unit,
  least,
  most,
  onChange,
  close,
}: {
  label: string;
  unit: number;
  least: number | undefined;
  most: number | undefined;
  onChange: (least: number | undefined, most: number | undefined) => void;
  close: () => void;
}) {
  const [from, setFrom] = useState(least === undefined ? '' : String(least / unit));
  const [to, setTo] = useState(most === undefined ? '' : String(most / unit));
  const read = (text: string) => (text === '' ? undefined : Math.round(Number(text) * unit));
  return (
    <form
      className="stack w-56 p-2"
      onSubmit={(event) => {
        event.preventDefault();
        onChange(read(from), read(to));
        close();
      }}
    >
      <label className="field">
        <span>{`At least, ${label}`}</span>
        <input type="number" min={0} step="any" value={from} onChange={(event) => setFrom(event.target.value)} />
      </label>
      <label className="field">
        <span>{`At most, ${label}`}</span>
        <input type="number" min={0} step="any" value={to} onChange={(event) => setTo(event.target.value)} />
      </label>
      <button type="submit" className="btn">
        Apply
      </button>
    </form>
  );
}

function Words({
  label,
  value,
  onChange,
  close,
}: {
  label: string;
  value: string;
  onChange: (text: string) => void;
  close: () => void;
}) {
  const [text, setText] = useState(value);
  return (
    <form
      className="stack w-64 p-2"
      onSubmit={(event) => {
        event.preventDefault();
        onChange(text.trim());
        close();
      }}
    >
      <label className="field">
        <span>{label}</span>
        <input value={text} onChange={(event) => setText(event.target.value)} />
      </label>
      <button type="submit" className="btn">
        Apply
      </button>
    </form>
  );
}
