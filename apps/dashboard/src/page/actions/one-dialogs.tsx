import type { TerminalStatus } from '@runledger/contracts/status';
import { TERMINAL_STATUSES } from '@runledger/contracts/status';
import { useState } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { shortId } from '../parts/row-words.ts';
import { sentenceOf } from '../parts/states.tsx';
import type { ListedExecution } from '../parts/status.tsx';
import { STATUS_LABELS } from '../parts/status.tsx';
import type { ActionName } from './action-words.ts';
import { ACTIONS } from './action-words.ts';
import type { ActionInput } from './use-action.ts';
import { useAction } from './use-action.ts';

/** Does it, and says why it did not work where it did not. */
function useOne(name: ActionName, id: string, onDone: () => void) {
  const run = useAction();
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  async function confirm(input: Omit<ActionInput, 'key'>): Promise<void> {
    setBusy(true);
    const [answer] = await run(name, [id], { ...input, key: crypto.randomUUID() }).catch((error: unknown) => [
      { isOk: false, text: sentenceOf(error) },
    ]);
    setBusy(false);
    if (answer?.isOk) onDone();
    else setFailure(answer?.text ?? 'There was no answer; try again.');
  }
  return { confirm, failure, isBusy, setFailure };
}

/** What is asked about one execution alone. */
interface OneProps {
  execution: ListedExecution;
  onClose: () => void;
}

export function SignalDialog({ execution, onClose }: OneProps) {
  const [name, setName] = useState('');
  const [json, setJson] = useState('');
  const { confirm, failure, isBusy, setFailure } = useOne('signal', execution.id, onClose);
  function send(): void {
    try {
      void confirm({ reason: '', name, ...(json.trim() ? { input: JSON.parse(json) as unknown } : {}) });
    } catch {
      setFailure('What goes with it is not JSON: texts need quotes.');
    }
  }
  return (
    <Dialog title={`Signal ${execution.workflow.name} ${shortId(execution.id)}`} onClose={onClose}>
      <p className="text-muted">{ACTIONS.signal.says}</p>
      <label className="field mt-3">
        <span>Signal</span>
        <input value={name} required onChange={(event) => setName(event.target.value)} />
      </label>
      <label className="field mt-3">
        <span>With it (JSON, optional)</span>
        <textarea rows={4} className="font-mono" value={json} onChange={(event) => setJson(event.target.value)} />
      </label>
      <p role="alert" className="told bad">
        {failure}
      </p>
      <Buttons action="signal" isBusy={isBusy} isReady={name.trim() !== ''} onConfirm={send} onClose={onClose} />
    </Dialog>
  );
}

export function EndDialog({ execution, onClose }: OneProps) {
  const [as, setAs] = useState<TerminalStatus>('failed');
  const [reason, setReason] = useState('');
  const { confirm, failure, isBusy } = useOne('end', execution.id, onClose);
  return (
    <Dialog title={`How did ${execution.workflow.name} ${shortId(execution.id)} end?`} onClose={onClose}>
      <p className="text-muted">{ACTIONS.end.says}</p>
      <label className="field mt-3">
        <span>It ended as</span>
        <select value={as} onChange={(event) => setAs(event.target.value as typeof as)}>
          {TERMINAL_STATUSES.map((status) => (
            <option key={status} value={status}>
              {STATUS_LABELS[status]}
            </option>
          ))}
        </select>
      </label>
      <label className="field mt-3">
        <span>How that is known</span>
        <input value={reason} maxLength={500} required onChange={(event) => setReason(event.target.value)} />
        <small>Kept with it, with your name.</small>
      </label>
      <p role="alert" className="told bad">
        {failure}
      </p>
      <Buttons
        action="end"
        isBusy={isBusy}
        isReady={reason.trim() !== ''}
        onConfirm={() => void confirm({ reason, as })}
        onClose={onClose}
      />
    </Dialog>
  );
}

interface ButtonsProps {
  action: ActionName;
  isBusy: boolean;
  isReady: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

function Buttons({ action, isBusy, isReady, onConfirm, onClose }: ButtonsProps) {
  const { verb, keep, isDanger } = ACTIONS[action];
  return (
    <div className="acts">
      <button type="button" className="btn" data-autofocus onClick={onClose}>
        {keep}
      </button>
      <button
        type="button"
        className={isDanger ? 'btn danger' : 'btn solid'}
        disabled={isBusy || !isReady}
        onClick={onConfirm}
      >
        {isBusy ? `${verb} …` : verb}
      </button>
    </div>
  );
}
