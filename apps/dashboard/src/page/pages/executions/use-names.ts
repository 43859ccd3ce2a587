import { useRunledger } from '@runledger/client/react';
import type { ExecutionFilter } from '@runledger/contracts/filter';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { titleOf } from '../../parts/failure-rows.tsx';
import { shortId } from '../../parts/row-words.ts';
import { of } from '../../session/scope.ts';
import type { Names } from './filter-words.ts';

/** A minute: definitions change seldom. */
const FRESH_MS = 60_000;
/** Users whose names one call tells. */
const NAMES_A_CALL = 100;

/** What people call the workflows that the caller may start, and the users and the kind of failure that a filter names. */
export function useNames({ userId, userIds = [], failureGroup, from, to }: ExecutionFilter) {
  const { trpc } = useRunledger();
  const ids = [...new Set(userId === undefined ? userIds : [...userIds, userId])].slice(0, NAMES_A_CALL);
  const { data: users } = useQuery({
    ...trpc.execution.getUserNames.queryOptions({ ids }),
    enabled: ids.length > 0,
    staleTime: FRESH_MS,
  });
  const { data } = useQuery({ ...trpc.workflow.list.queryOptions({ limit: 200 }), staleTime: FRESH_MS });
  const { data: failures } = useQuery({
    ...trpc.execution.getFailureGroups.queryOptions({ failureGroup, from, to, limit: 1, of }),
    enabled: failureGroup !== undefined,
    staleTime: FRESH_MS,
  });
  return useMemo(() => {
    const workflows = (data?.items ?? []).map(({ id, name }) => ({ id, name }));
    const known = new Map(workflows.map(({ id, name }) => [id, name]));
    const called = new Map((users ?? []).map(({ id, name }) => [id, name]));
    const kind = failures?.groups[0];
    const names: Names = {
      workflow: (id) => known.get(id) ?? shortId(id),
      user: (id) => called.get(id) ?? shortId(id),
      failure: (group) => (kind ? titleOf(kind) : group),
    };
    return { names, workflows };
  }, [data, users, failures]);
}
