import { useRunledger } from '@runledger/client/react';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { shortId } from '../../parts/row-words.ts';
import type { Names } from './filter-words.ts';

/** A minute: definitions change seldom. */
const FRESH_MS = 60_000;

/** What people call the workflows that the caller may start. */
export function useNames() {
  const { trpc } = useRunledger();
  const { data } = useQuery({ ...trpc.workflow.list.queryOptions({ limit: 200 }), staleTime: FRESH_MS });
  return useMemo(() => {
    const workflows = (data?.items ?? []).map(({ id, name }) => ({ id, name }));
    const known = new Map(workflows.map(({ id, name }) => [id, name]));
    const names: Names = { workflow: (id) => known.get(id) ?? shortId(id), user: shortId };
    return { names, workflows };
  }, [data]);
}
