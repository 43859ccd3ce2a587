import { useRunledger } from '@runledger/client/react';
import type { ExecutionFilter } from '@runledger/contracts/filter';
import { encodeFilter } from '@runledger/contracts/filter';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { Dialog } from '../parts/dialog.tsx';
import { shortId } from '../parts/row-words.ts';
import { sentenceOf } from '../parts/states.tsx';
import type { ListedExecution } from '../parts/status.tsx';
import { UserName } from '../parts/user-name.tsx';
import { of } from '../session/scope.ts';
import type { ActionAnswer } from './use-action.ts';
import { useAction } from './use-action.ts';

const PAGE_ROWS = 100;
/** In one go; more are a script’s work. */
const MOST = 1_000;
const PREVIEWED = 20;
const KEPT = 'runledger.rerun';

interface Kept {
  /** Which kind of failure, and of which workflow. */
  kind: string;
  /** What is asked again under it is not done twice. */
  key: string;
  answers: ActionAnswer[];
}

/**
 * Runs again everything that failed alike: those that there are now, as a list that does not change meanwhile; an answer for each,
 * kept over a reload.
 */
export default function RerunAll({
  filter,
  expected,
  title,
  onClose,
}: {
  filter: ExecutionFilter;
  expected: number;
  title: string;
  onClose: () => void;
}) {
  const { client } = useRunledger();
  // Others may be called the same; the window goes on with the clock.
  const { from: _, to: _to, ...kindOf } = filter;
  const kind = encodeFilter(kindOf);
  const [rows, setRows] = useState<ListedExecution[] | null>(null);
  const [isCut, setCut] = useState(false);
  const [kept, setKept] = useState<Kept | null>(() => readKept(kind));
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const run = useAction();
  const reading = useRef(false);

  useEffect(() => {
    if (reading.current) return;
    reading.current = true;
    async function read(): Promise<void> {
      const found: ListedExecution[] = [];
      let cursor: string | null = null;
      do {
        const page: { items: ListedExecution[]; nextCursor: string | null } =
          await client.execution.listExecutions.query({
            ...filter,
            limit: PAGE_ROWS,
            of,
            cursor,
          });
        found.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor && found.length < MOST);
      setRows(found.slice(0, MOST));
      setCut(cursor !== null || found.length > MOST);
    }
    read().catch((error: unknown) => setFailure(sentenceOf(error)));
  }, [client, filter]);

  async function confirm(): Promise<void> {
    if (!rows) return;
    setBusy(true);
    setFailure(null);
    const done = new Set(kept?.answers.filter(({ isOk }) => isOk).map(({ id }) => id));
    const before = kept?.answers.filter(({ isOk }) => isOk) ?? [];
    const key = kept?.key ?? crypto.randomUUID();
    const put = (answers: ActionAnswer[]) => {
      const next = { kind, key, answers: [...before, ...answers] };
      sessionStorage.setItem(KEPT, JSON.stringify(next));
      setKept(next);
    };
    // Kept before anything is asked: the answer may be lost.
    put([]);
    const ids = rows.map(({ id }) => id).filter((id) => !done.has(id));
    await run('rerun', ids, { reason: `Rerun of all that failed: ${title}`.slice(0, 200), key }, put).catch(
      (error: unknown) => setFailure(sentenceOf(error)),
    );
    setBusy(false);
  }
  const forget = () => {
    sessionStorage.removeItem(KEPT);
    setKept(null);
  };

  if (kept) {
    const good = kept.answers.filter(({ isOk }) => isOk);
    return (
      <Dialog title={`Rerun: ${good.length} of ${rows?.length ?? kept.answers.length} run again`} onClose={onClose}>
        {failure && <p className="told bad">{failure}</p>}
        <ul className="max-h-80 overflow-auto" aria-live="polite">
          {kept.answers.map(({ id, isOk, text, rerunId }) => (
            <li key={id} className="flex gap-2 border-b border-soft py-1.5 last:border-b-0">
              <code className="flex-1">{shortId(id)}</code>
              {rerunId ? (
                <Link href={`/executions/${rerunId}`} className="text-primary">{`runs as ${shortId(rerunId)}`}</Link>
              ) : (
                <span className={isOk ? 'text-muted' : 'text-danger'}>{text}</span>
              )}
            </li>
          ))}
        </ul>
        <div className="acts">
          <button type="button" className="btn" onClick={forget} disabled={isBusy}>
            Forget this list
          </button>
          {rows && good.length < rows.length && (
            <button type="button" className="btn" onClick={confirm} disabled={isBusy}>
              {`Rerun the other ${rows.length - good.length}`}
            </button>
          )}
          <button type="button" className="btn solid" onClick={onClose} disabled={isBusy}>
            {isBusy ? `${kept.answers.length} of ${rows?.length ?? '…'} …` : 'Close'}
          </button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={`Rerun all that failed like this?`} onClose={onClose}>
      <p className="text-muted">
        {`Each starts anew with its own input: ${title}. `}
        {rows === null
          ? `Reading ${expected.toLocaleString('en-US')} …`
          : `There ${rows.length === 1 ? 'is' : 'are'} ${rows.length.toLocaleString('en-US')}${isCut ? ` and more; the first ${MOST.toLocaleString('en-US')} are taken` : ''}.`}
      </p>
      {rows && (
        <ul className="mt-3 max-h-52 overflow-auto rounded-md bg-sunk px-3 py-2 text-[13px]">
          {rows.slice(0, PREVIEWED).map((row) => (
            <li key={row.id} className="flex gap-2">
              {row.workflow.name} <code>{shortId(row.id)}</code>
              <span className="ms-auto text-faint">
                <UserName of={row} />
              </span>
            </li>
          ))}
          {rows.length > PREVIEWED && <li className="text-faint">{`and ${rows.length - PREVIEWED} more`}</li>}
        </ul>
      )}
      {failure && (
        <p role="alert" className="told bad">
          {failure}
        </p>
      )}
      <div className="acts">
        <button type="button" className="btn" data-autofocus onClick={onClose}>
          Leave them
        </button>
        <button type="button" className="btn solid" disabled={isBusy || !rows?.length} onClick={confirm}>
          {isBusy ? 'Rerun …' : `Rerun ${rows?.length.toLocaleString('en-US') ?? '…'}`}
        </button>
      </div>
    </Dialog>
  );
}

function readKept(kind: string): Kept | null {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null') as Kept | null;
  return kept?.kind === kind ? kept : null;
}
