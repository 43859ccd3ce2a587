import { useRef, useState } from 'react';
import { Link } from 'wouter';
import { Dialog } from '../parts/dialog.tsx';
import { shortId } from '../parts/row-words.ts';
import { sentenceOf } from '../parts/states.tsx';
import type { ListedExecution } from '../parts/status.tsx';
import { StatusLabel } from '../parts/status.tsx';
import { UserName } from '../parts/user-name.tsx';
import type { ActionName } from './action-words.ts';
import { ACTIONS } from './action-words.ts';
import type { ActionAnswer } from './use-action.ts';
import { useAction } from './use-action.ts';

const PREVIEWED = 20;

/** One or several: what will happen to which, then what became of each. The safe button has the focus. */
export function SeveralDialog({
  action: chosen,
  executions,
  onClose,
}: {
  action: ActionName;
  executions: ListedExecution[];
  onClose: () => void;
}) {
  const [action, setAction] = useState(chosen);
  // What is asked for stays the same while rows change behind it.
  const [asked] = useState(() => executions.filter(ACTIONS[action].isFor));
  const left = executions.length - asked.length;
  // What was asked once and may have been done is not done again by asking again.
  const [key] = useState(() => crypto.randomUUID());
  const [reason, setReason] = useState('');
  const [answers, setAnswers] = useState<ActionAnswer[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const run = useAction();
  const why = useRef<HTMLInputElement>(null);
  const { verb, keep, says, isDanger, reason: wants } = ACTIONS[action];
  const [one] = asked;
  const what = asked.length === 1 && one ? `${one.workflow.name} ${shortId(one.id)}` : `${asked.length} executions`;

  async function confirm(): Promise<void> {
    if (wants === 'required' && !reason.trim()) return why.current?.focus();
    setBusy(true);
    setFailure(null);
    await run(
      action,
      asked.map(({ id }) => id),
      { reason, key },
      setAnswers,
    ).catch((error: unknown) => setFailure(sentenceOf(error)));
    setBusy(false);
  }

  if (asked.length === 0)
    return (
      <Dialog title={`Nothing to ${verb.toLowerCase()}`} onClose={onClose}>
        <p>{`${executions.length === 1 ? 'It is' : 'They are'} not in a state for that any more.`}</p>
        <div className="acts">
          <button type="button" className="btn" onClick={onClose}>
            Close
          </button>
        </div>
      </Dialog>
    );
  if (answers)
    return (
      <Dialog title={`${verb}: ${answers.filter(({ isOk }) => isOk).length} of ${asked.length} done`} onClose={onClose}>
        {failure && (
          <p className="told bad">{`${failure} Those without an answer may have been done; asking again does none twice.`}</p>
        )}
        <ul className="max-h-80 overflow-auto" aria-live="polite">
          {asked.map((row) => (
            <Answer key={row.id} row={row} answer={answers.find(({ id }) => id === row.id) ?? null} />
          ))}
        </ul>
        <div className="acts">
          {failure && (
            <button type="button" className="btn" disabled={isBusy} onClick={confirm}>
              Ask again
            </button>
          )}
          <button type="button" className="btn solid" onClick={onClose} disabled={isBusy}>
            {isBusy ? `${answers.length} of ${asked.length} …` : 'Close'}
          </button>
        </div>
      </Dialog>
    );
  return (
    <Dialog title={`${verb} ${what}?`} onClose={onClose}>
      <p className="text-muted">{says}</p>
      {left > 0 && (
        <p className="mt-2 text-muted">{`${left} of those selected ${left === 1 ? 'is' : 'are'} not in a state for that, and left alone.`}</p>
      )}
      {asked.length > 1 && (
        <ul className="mt-3 max-h-52 overflow-auto rounded-md bg-sunk px-3 py-2 text-[13px]">
          {asked.slice(0, PREVIEWED).map((row) => (
            <li key={row.id} className="flex gap-2">
              <StatusLabel status={row.status} /> {row.workflow.name} <code>{shortId(row.id)}</code>
              <span className="ms-auto text-faint">
                <UserName of={row} />
              </span>
            </li>
          ))}
          {asked.length > PREVIEWED && <li className="text-faint">{`and ${asked.length - PREVIEWED} more`}</li>}
        </ul>
      )}
      {wants !== 'none' && (
        <label className="field mt-3">
          <span>{wants === 'required' ? 'Why' : 'Why (optional)'}</span>
          <input
            ref={why}
            value={reason}
            maxLength={500}
            required={wants === 'required'}
            onChange={(event) => setReason(event.target.value)}
          />
          <small>Kept with it, with your name.</small>
        </label>
      )}
      {failure && (
        <p role="alert" className="told bad">
          {failure}
        </p>
      )}
      <div className="acts">
        <button type="button" className="btn" data-autofocus onClick={onClose}>
          {asked.length === 1 ? keep : 'Leave them'}
        </button>
        {action === 'terminate' && (
          <button type="button" className="btn" disabled={isBusy} onClick={() => setAction('cancel')}>
            {asked.length === 1 ? 'Cancel it instead' : 'Cancel them instead'}
          </button>
        )}
        <button type="button" className={isDanger ? 'btn danger' : 'btn solid'} disabled={isBusy} onClick={confirm}>
          {isBusy ? `${verb} …` : asked.length === 1 ? verb : `${verb} ${asked.length}`}
        </button>
      </div>
    </Dialog>
  );
}

function Answer({ row, answer }: { row: ListedExecution; answer: ActionAnswer | null }) {
  return (
    <li className="flex gap-2 border-b border-soft py-1.5 last:border-b-0">
      <span className="min-w-0 flex-1">
        {row.workflow.name} <code>{shortId(row.id)}</code>
      </span>
      {answer === null ? (
        <span className="text-faint">waits</span>
      ) : answer.rerunId ? (
        <Link
          href={`/executions/${answer.rerunId}`}
          className="text-primary"
        >{`runs as ${shortId(answer.rerunId)}`}</Link>
      ) : (
        <span className={answer.isOk ? 'text-muted' : 'text-danger'}>{answer.text}</span>
      )}
    </li>
  );
}
