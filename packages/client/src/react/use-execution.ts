import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLiveConnection, useLiveEvents } from './use-live.ts';
import { useRunledger } from './use-runledger.ts';

/** Which changes of an execution make it worth reading: newer than what is shown. */
function isNewer(known: { revision: number } | undefined, revision: number): boolean {
  return !known || revision > known.revision;
}

/**
 * One execution, whole, read again whenever it changes. With `null` as id nothing is read.
 * @returns what `useQuery` returns, and `live`: how current that is.
 */
export function useExecution(id: string | null) {
  const { trpc } = useRunledger();
  const queries = useQueryClient();
  const options = trpc.execution.getExecution.queryOptions(id === null ? skipToken : { id });
  const query = useQuery(options);
  useLiveEvents(
    (event) => {
      const known = queries.getQueryData(options.queryKey);
      const isTold =
        event.kind === 'resync' ||
        event.changes.some((change) =>
          'execution' in change
            ? change.execution.id === id && isNewer(known, change.execution.revision)
            : change.deletedId === id,
        );
      if (isTold) void queries.invalidateQueries({ queryKey: options.queryKey });
    },
    { enabled: id !== null },
  );
  return { ...query, live: useLiveConnection() };
}
