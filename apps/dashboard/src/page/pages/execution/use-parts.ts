import { executionErrorCode } from '@runledger/client';
import { useExecution, useLiveEvents, useProgress, useReadAnew, useRunledger } from '@runledger/client/react';
import type { DeletedBy } from '@runledger/contracts';
import type { QueryKey } from '@tanstack/react-query';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { runledger } from '../../runledger.ts';
import type { Details } from './types.ts';

/** While it runs, what it is doing is Temporal’s to tell, and Temporal tells nobody by itself. In milliseconds. */
export const WHILE_OPEN_MS = 3_000;
/** After its end its steps are kept within a second or two, and what was read a moment before the end is of before. */
const WHILE_PENDING_MS = 1_000;

export function askForParts(id: string): void {
  const { queryClient, parts } = runledger.make();
  const { execution } = parts.trpc;
  const input = { id };
  void queryClient.prefetchQuery(execution.getExecution.queryOptions(input));
  void queryClient.prefetchQuery(execution.getRequests.queryOptions(input));
  void queryClient.prefetchQuery(execution.getProgress.queryOptions(input));
  void queryClient.prefetchQuery(execution.explainExecution.queryOptions(input));
  void queryClient.prefetchQuery(execution.getTimeline.queryOptions(input));
}

/** Everything that the page of one execution reads. It is all asked for at once: nothing of it waits for the execution itself. */
export function useParts(id: string) {
  const { trpc } = useRunledger();
  const execution = useExecution(id);
  const { details, deletedAt } = useDeleted(execution.data, execution.error);
  const isOpen = details?.completedAt === null;
  const isGone = executionErrorCode(execution.error) === 'not_found';
  const explanation = useQuery({
    ...trpc.execution.explainExecution.queryOptions({ id }),
    refetchInterval: ({ state: { data } }) => {
      if (isGone) return false;
      return isOpen ? WHILE_OPEN_MS : data && details && data.revision < details.revision ? WHILE_PENDING_MS : false;
    },
  });
  const timeline = useQuery({
    ...trpc.execution.getTimeline.queryOptions({ id }),
    refetchInterval: ({ state: { data } }) => {
      if (isGone) return false;
      return isOpen ? WHILE_OPEN_MS : data?.state === 'pending' || data?.state === 'live' ? WHILE_PENDING_MS : false;
    },
  });
  const requests = useQuery(trpc.execution.getRequests.queryOptions({ id }));
  const progress = useProgress(id);
  useReadAgain(trpc.execution.explainExecution.queryKey({ id }), details?.revision);
  useReadAgain(trpc.execution.getTimeline.queryKey({ id }), details?.revision);
  return { execution, details, deletedAt, deletedBy: useDeletedBy(id), explanation, timeline, requests, progress };
}

/** Reads a query anew with each change of the execution but the first, which it was just read for. */
function useReadAgain(queryKey: QueryKey, revision: number | undefined): void {
  const readAnew = useReadAnew();
  const last = useRef(revision);
  useEffect(() => {
    const isNews = last.current !== undefined && revision !== last.current;
    last.current = revision;
    if (isNews) readAnew(queryKey);
  });
}

/** What is deleted while it is looked at stays as it was seen last. */
function useDeleted(data: Details | undefined, error: unknown) {
  const [last, setLast] = useState(data);
  const [deletedAt, setDeletedAt] = useState<string | null>(null);
  if (data && data !== last) setLast(data);
  const isDeleted = last !== undefined && executionErrorCode(error) === 'not_found';
  if (isDeleted && !deletedAt) setDeletedAt(new Date().toISOString());
  return { details: data ?? last, deletedAt: isDeleted ? deletedAt : null };
}

/** Who deleted it, as the stream says it where it is open then. */
function useDeletedBy(id: string) {
  const [told, setTold] = useState<{ id: string; by: DeletedBy | null } | null>(null);
  useLiveEvents((event) => {
    if (event.kind !== 'changes') return;
    for (const change of event.changes)
      if ('deletedId' in change && change.deletedId === id) setTold({ id, by: change.deletedBy ?? null });
  });
  return told?.id === id ? told.by : null;
}
