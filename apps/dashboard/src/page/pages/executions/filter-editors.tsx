import type { ExecutionFilter } from '@runledger/contracts/filter';
import { useLayoutEffect, useRef, useState } from 'react';
import { HEALTH_LABELS, STATUS_LABELS } from '../../parts/status.tsx';
import { Choices, Numbers, Window, Words } from './filter-inputs.tsx';

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

export function AddFilter(props: EditorProps) {
  const [field, setField] = useState<string | null>(null);
  const chosen = useRef<HTMLDivElement>(null);
  // The button that was pressed is gone, and what it led to is worked with by the same hand.
  useLayoutEffect(() => {
    if (field) chosen.current?.querySelector<HTMLElement>('input, select, button')?.focus();
  }, [field]);
  if (field)
    return (
      <div ref={chosen}>
        <Editor field={field} {...props} />
      </div>
    );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: letters are a shorter way to the buttons in it
    <div
      onKeyDown={(event) => {
        const known = FIELDS.find(([letter]) => letter === event.key);
        if (!known) return;
        // Not the first letter of what is then written.
        event.preventDefault();
        setField(known[1]);
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
export function Editor({ field, filter, workflows, put, close }: EditorProps & { field: string }) {
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
