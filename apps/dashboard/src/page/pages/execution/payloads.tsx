import { JsonLines } from '@runledger/client/react';
import { REDACTED } from '@runledger/contracts';
import { Download } from 'lucide-react';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Panel } from '../../parts/panel.tsx';
import { DecodeLine, useDecoding } from './decoding.tsx';
import { noteWords, sizeOf } from './payload-words.ts';
import type { Details } from './types.ts';

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
        of={details}
      />
      <Payload
        title="Output"
        value={shown.output}
        note={shown.outputNote}
        size={details.outputBytes}
        none={none}
        of={details}
      />
      {shown.failure !== null && (
        <More
          title={details.engine === 'temporal' ? 'Failure as Temporal tells it' : 'Failure as it was reported'}
          value={shown.failure}
          of={details}
        />
      )}
      {details.stateSnapshot !== null && <More title="Last state" value={details.stateSnapshot} of={details} />}
    </div>
  );
}

/** What few look at: behind its title. */
function More({ title, value, of }: { title: string; value: unknown; of: Details }) {
  return (
    <details className="panel md:col-span-2">
      <summary className="cursor-pointer px-4 py-2.5 font-[620]">{title}</summary>
      <div className="pad pt-0">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys */}
        <pre className="json" tabIndex={0}>
          <Json text={JSON.stringify(value, null, 2).slice(0, SHOWN)} of={of} />
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
  of: Details;
}

function Payload({ title, value, note, size, none, of }: PayloadProps) {
  const isThere = value !== null && value !== undefined;
  const text = isThere ? JSON.stringify(value, null, 2) : '';
  const isLong = text.length > SHOWN;
  const aside = isThere && (
    <span className="flex gap-1">
      <CopyButton text={text} className="btn quiet">
        Copy
      </CopyButton>
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
            <Json text={isLong ? `${text.slice(0, SHOWN)}\n…` : text} of={of} />
          </pre>
        ) : (
          !note && <p className="text-muted">{none}</p>
        )}
      </div>
    </Panel>
  );
}

const HIDDEN = JSON.stringify(REDACTED);

/** Names of fields and texts in colours of their own, and what is hidden in words. */
function Json({ text, of }: { text: string; of: Details }) {
  const hides = of.workflow.redact.length > 0;
  return <JsonLines text={text} draw={(line) => colouredOf(line, hides)} />;
}

const colouredOf = (line: string, hides: boolean) =>
  line.split(/("(?:[^"\\]|\\.)*"(?:\s*:)?)/g).map((part, index) => {
    if (hides && part === HIDDEN)
      return (
        <i key={index} className="text-muted">
          hidden by this workflow’s owner
        </i>
      );
    const kind = part.endsWith(':') ? 'text-primary' : part.startsWith('"') ? 'text-success' : null;
    return kind ? (
      <span key={index} className={kind}>
        {part}
      </span>
    ) : (
      part
    );
  });

function save(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
