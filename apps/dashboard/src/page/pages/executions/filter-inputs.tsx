import { useState } from 'react';
import { useZone } from '../../parts/time.tsx';
import { instantShowing, shownAt } from '../../parts/wall-clock.ts';

export function Choices<T extends string>({
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

/** As the field has it, in the zone of the page; nothing of what is relative. */
const fieldOf = (instant: string | undefined, zone: string): string =>
  instant && !instant.startsWith('-') ? shownAt(Date.parse(instant), zone) : '';
const instantOf = (field: string, zone: string): string | undefined =>
  field ? new Date(instantShowing(field, zone)).toISOString() : undefined;

export function Window({
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
  const zone = useZone();
  const [begin, setBegin] = useState(fieldOf(from, zone));
  const [end, setEnd] = useState(fieldOf(to, zone));
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
          onChange(instantOf(begin, zone), instantOf(end, zone));
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
        <p className="text-[12.5px] text-faint">{`As clocks show it: ${zone}`}</p>
        <button type="submit" className="btn">
          Apply
        </button>
      </form>
    </div>
  );
}

export function Numbers({
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

export function Words({
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
