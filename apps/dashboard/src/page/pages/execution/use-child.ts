import { useRunledger } from '@runledger/client/react';
import { useQuery } from '@tanstack/react-query';
import { of } from '../../session/scope.ts';
import type { Details, Step } from './types.ts';
import { WHILE_OPEN_MS } from './use-parts.ts';

/** As many as the API takes in one call. */
const MOST_PER_CALL = 100;

/**
 * The execution that the child of a step is, where the ledger has it and the reader may see it: the one that began with the child's run,
 * as others may have had its workflow id before. One request for all children, or for the hundred of them that the step is among.
 */
export function useChild(steps: readonly Step[], step: Step | undefined, details: Details): string | null {
  const { trpc } = useRunledger();
  const child = step?.child;
  const all = [...new Set(steps.flatMap((one) => one.child?.workflowId ?? []))];
  const at = child ? all.indexOf(child.workflowId) : 0;
  const from = at - (at % MOST_PER_CALL);
  const { data } = useQuery({
    ...trpc.execution.listExecutions.queryOptions({
      ids: all.slice(from, from + MOST_PER_CALL),
      limit: MOST_PER_CALL,
      of,
    }),
    enabled: all.length > 0,
    // Who starts children by themselves may tell the ledger of them later.
    refetchInterval: child !== undefined && details.completedAt === null && WHILE_OPEN_MS,
  });
  const found = data?.items.find(
    ({ temporalNamespace, temporalRunId }) =>
      temporalRunId === child?.runId && temporalNamespace === details.temporalNamespace,
  );
  return child?.runId ? (found?.id ?? null) : null;
}
