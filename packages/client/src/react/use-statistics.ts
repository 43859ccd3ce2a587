import type { QueryKey } from '@tanstack/react-query';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { readAnew } from '../live/read-anew.ts';
import type { RouterInputs } from '../router-types.ts';
import { useLiveConnection, useLiveEvents } from './use-live.ts';
import { useRunledger } from './use-runledger.ts';

/** Counts are not read more often than this while executions change, in milliseconds. */
const APART_MS = 1_000;
/** What others run of a workflow is told to nobody, and read this often, in milliseconds. */
const OTHERS_MS = 15_000;

/** Reads a query anew after executions have changed: at once, but not within a second of its last reading. */
export function useReadAfterChanges(queryKey: QueryKey): void {
  const queries = useQueryClient();
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const readAt = useRef(Date.now());
  useEffect(() => () => clearTimeout(waiting.current), []);
  useLiveEvents((event) => {
    if (event.kind === 'changes' && event.changes.length === 0) return;
    clearTimeout(waiting.current);
    const read = () => {
      readAt.current = Date.now();
      void readAnew(queries, queryKey);
    };
    waiting.current = setTimeout(read, Math.max(0, readAt.current + APART_MS - Date.now()));
  });
}

/** The caller's executions counted, and again as they change. @returns what `useQuery` returns, and `live` */
export function useExecutionStats(input: RouterInputs['execution']['getStats'] = {}) {
  const { trpc } = useRunledger();
  const options = trpc.execution.getStats.queryOptions(input);
  useReadAfterChanges(options.queryKey);
  return { ...useQuery(options), live: useLiveConnection() };
}

/**
 * A workflow's executions counted: all users' for its owner, the caller's own for everybody else. Again as the caller's change,
 * and every 15 s. @returns what `useQuery` returns, and `live`
 */
export function useWorkflowStatistics(input: RouterInputs['execution']['getWorkflowStatistics']) {
  const { trpc } = useRunledger();
  const options = trpc.execution.getWorkflowStatistics.queryOptions(input);
  useReadAfterChanges(options.queryKey);
  return { ...useQuery({ ...options, refetchInterval: OTHERS_MS }), live: useLiveConnection() };
}
