import { useRunledger } from '@runledger/client/react';
import type { ExecutionFilter } from '@runledger/contracts/filter';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { shortId } from '../../parts/row-words.ts';
import type { Names } from './filter-words.ts';

/** A minute: definitions change seldom. */
const FRESH_MS = 60_000;
/** Users whose names one call tells. */
const NAMES_A_CALL = 100;

/** What people call the workflows that the caller may start, and the users whom a filter names. */
export function useNames({ userId, userIds = [] }: ExecutionFilter) {
  const { trpc } = useRunledger();
  const ids = [...new Set(userId === undefined ? userIds : [...userIds, userId])].slice(0, NAMES_A_CALL);
  const { data: users } = useQuery({
    ...trpc.execution.getUserNames.queryOptions({ ids }),
    enabled: ids.length > 0,
    staleTime: FRESH_MS,
  });
  const { data } = useQuery({ ...trpc.workflow.list.queryOptions({ limit: 200 }), staleTime: FRESH_MS });
  return useMemo(() => {
    const workflows = (data?.items ?? []).map(({ id, name }) => ({ id, name }));
    const known = new Map(workflows.map(({ id, name }) => [id, name]));
    const called = new Map((users ?? []).map(({ id, name }) => [id, name]));
    const names: Names = {
      workflow: (id) => known.get(id) ?? shortId(id),
      user: (id) => called.get(id) ?? shortId(id),
    };
    return { names, workflows };
  }, [data, users]);
}
