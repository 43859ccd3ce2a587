import { Copy, Download } from 'lucide-react';
import { useState } from 'react';
import { Panel } from '../../parts/panel.tsx';
import { DecodeLine, useDecoding } from './decoding.tsx';
import type { Details } from './types.ts';

const NOTES: Record<string, string> = {
  characters_replaced: 'Characters that Postgres cannot store were replaced.',
  numbers_as_text: 'Numbers that are too exact for JSON are shown as text.',
  numbers_beyond_double: 'Some numbers are more exact than a browser shows.',
  several_payloads: 'There were several results; they are shown as a list.',
  not_json: 'It is not JSON, so the ledger keeps none of it.',
  undecodable: 'It cannot be read here',
  codec_unavailable: 'The codec did not decode it',
  too_large: 'It is too large for the ledger; Temporal has it until its retention ends.',
  too_deep: 'It is nested too deeply for the ledger.',
  refused: 'The database refused to store it.',
  pruned: 'It was pruned; the outcome stays.',
  redacted: 'Fields of it are hidden by the owner of the workflow.',
};

/** `undecodable: binary/encrypted` as a sentence. */
function noteWords(note: string): string {
  return note
    .split(', ')
    .map((one) => {
      const [name = '', detail] = one.split(': ');
      if (detail?.includes('encrypted')) return 'It is encrypted.';
      const words = NOTES[name] ?? one;
      return detail ? `${words.replace(/\.$/, '')}: ${detail}.` : words;
    })
    .join(' ');
}

const bytes = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 2 });
const UNITS = ['B', 'KB', 'MB'];

function sizeOf(count: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3));
  return `${bytes.format(count / 1_000 ** power)} ${UNITS[power]}`;
}

/** Shown whole up to here, in characters; beyond, the beginning, and all of it as a file. */
const SHOWN = 64_000;

export function Payloads({ details }: { details: Details }) {
  const { status } = details;
  const decoding = useDecoding(details);
  const { shown } = decoding;
  const none =
    details.completedAt === null
      ? 'None so far.'
      : status === 'completed'
        ? 'It returned nothing.'
        : `None: it ${status === 'failed' ? 'failed' : 'ended'} before it returned anything.`;
  return (
    <div className="grid gap-4 md:grid-cols-2">
      <DecodeLine decoding={decoding} />
      <Payload
        title="Input"
        value={shown.input}
        note={shown.inputNote}
        size={details.inputBytes}
        none="It was given nothing."
      />
      <Payload title="Output" value={shown.output} note={shown.outputNote} size={details.outputBytes} none={none} />
      {shown.failure !== null && (
        <More
          title={details.engine === 'temporal' ? 'Failure as Temporal tells it' : 'Failure as it was reported'}
          value={shown.failure}
        />
      )}
      {details.stateSnapshot !== null && <More title="Last state" value={details.stateSnapshot} />}
    </div>
  );
}

/** What few look at: behind its title. */
function More({ title, value }: { title: string; value: unknown }) {
  return (
    <details className="panel md:col-span-2">
      <summary className="cursor-pointer px-4 py-2.5 font-[620]">{title}</summary>
      <div className="pad pt-0">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys */}
        <pre className="json" tabIndex={0}>
          <Json text={JSON.stringify(value, null, 2).slice(0, SHOWN)} />
        </pre>
      </div>
    </details>
  );
}

interface PayloadProps {
  title: string;
  value: unknown;
  note: string | null;
  size: number | null;
  none: string;
}

function Payload({ title, value, note, size, none }: PayloadProps) {
  const [isCopied, setCopied] = useState(false);
  const isThere = value !== null && value !== undefined;
  const text = isThere ? JSON.stringify(value, null, 2) : '';
  const isLong = text.length > SHOWN;
  const aside = isThere && (
    <span className="flex gap-1">
      <button
        type="button"
        className="btn quiet"
        onClick={() => {
          void navigator.clipboard.writeText(text);
          setCopied(true);
        }}
      >
        <Copy className="size-3.5" aria-hidden="true" /> {isCopied ? 'Copied' : 'Copy'}
      </button>
      {isLong && (
        <button type="button" className="btn quiet" onClick={() => save(`${title.toLowerCase()}.json`, text)}>
          <Download className="size-3.5" aria-hidden="true" /> Download
        </button>
      )}
    </span>
  );
  return (
    <Panel title={title} note={size === null ? null : sizeOf(size)} aside={aside}>
      <div className="pad">
        {note && <p className="mb-2 text-[13px] text-muted">{noteWords(note)}</p>}
        {isThere ? (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
          <pre className="json" tabIndex={0}>
            <Json text={isLong ? text.slice(0, SHOWN) : text} />
            {isLong && '\n…'}
          </pre>
        ) : (
          !note && <p className="text-muted">{none}</p>
        )}
      </div>
    </Panel>
  );
}

/** Names of fields and texts in colours of their own. */
function Json({ text }: { text: string }) {
  const parts = text.split(/("(?:[^"\\]|\\.)*"(?:\s*:)?)/g);
  return parts.map((part, index) => {
    const kind = part.endsWith(':') ? 'text-primary' : part.startsWith('"') ? 'text-success' : null;
    return kind ? (
      <span key={index} className={kind}>
        {part}
      </span>
    ) : (
      part
    );
  });
}

function save(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
