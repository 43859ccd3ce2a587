import type { RunledgerClient } from '@runledger/client';
import { useLiveConnection, useRunledger } from '@runledger/client/react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { sentenceOf } from '../parts/states.tsx';
import type { ListedExecution } from '../parts/status.tsx';
import { useClock } from '../parts/time.tsx';
import { of } from '../session/scope.ts';

/** After this long without a connection, what is shown may be long past. In milliseconds. */
const STALE_AFTER_MS = 60_000;
/** As many as the API takes in one call. */
const MOST_PER_CALL = 100;

interface AskFirstProps {
  executions: ListedExecution[];
  onClose: () => void;
  /** What is asked of the reader, about executions as they stand. */
  children: (executions: ListedExecution[]) => ReactNode;
}

/** Before something is done with executions that are shown as of long ago, the API says how they stand now. */
export function AskFirst({ executions, onClose, children }: AskFirstProps) {
  const { client } = useRunledger();
  const { state, since } = useLiveConnection();
  const clock = useClock();
  // As it was when the reader began: a dialog that is open stays.
  const [isStale] = useState(
    () => (state === 'reconnecting' || state === 'failed') && Date.now() - since > STALE_AFTER_MS,
  );
  const [{ asked, asOf }] = useState({ asked: executions, asOf: new Date(since).toISOString() });
  const now = useQuery({
    // Once more by itself when the connection is back.
    queryKey: ['standing', state, ...asked.map(({ id }) => id)],
    queryFn: () => readStanding(client, asked),
    enabled: isStale,
    gcTime: 0,
    retry: false,
    networkMode: 'always',
  });
  if (!isStale) return children(executions);
  if (now.data) return children(now.data);
  return (
    <Dialog title="How does it stand now?" onClose={onClose}>
      <p role="status">
        {`This page is as of ${clock.timeOf(asOf)}. `}
        {now.error && !now.isFetching ? `${sentenceOf(now.error)} Nothing was done.` : 'The API is being asked …'}
      </p>
      <div className="acts">
        <button type="button" className="btn" data-autofocus onClick={onClose}>
          Close
        </button>
        <button type="button" className="btn solid" disabled={now.isFetching} onClick={() => void now.refetch()}>
          Ask again
        </button>
      </div>
    </Dialog>
  );
}

/** Those that are still there, as they stand. */
async function readStanding({ execution }: RunledgerClient, shown: ListedExecution[]): Promise<ListedExecution[]> {
  const found = new Map<string, ListedExecution>();
  for (let from = 0; from < shown.length; from += MOST_PER_CALL) {
    const ids = shown.slice(from, from + MOST_PER_CALL).map(({ id }) => id);
    const { items } = await execution.listExecutions.query({ ids, limit: MOST_PER_CALL, of });
    for (const item of items) found.set(item.id, item);
  }
  return shown.flatMap(({ id }) => found.get(id) ?? []);
}
