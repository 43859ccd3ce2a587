import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { readAnew } from '../live/read-anew.ts';
import { useLiveConnection, useLiveEvents } from './use-live.ts';
import { useRunledger } from './use-runledger.ts';

/**
 * How far one execution has got, read again whenever that is reported; `data.estimated` says where nobody reports it. With
 * `null` as id nothing is read.
 * @returns what `useQuery` returns, and `live`: how current that is.
 */
export function useProgress(id: string | null) {
  const { trpc } = useRunledger();
  const queries = useQueryClient();
  const options = trpc.execution.getProgress.queryOptions(id === null ? skipToken : { id });
  const query = useQuery(options);
  useLiveEvents(
    (event) => {
      const isTold =
        event.kind === 'resync' || event.changes.some((change) => 'execution' in change && change.execution.id === id);
      if (isTold) void readAnew(queries, options.queryKey, { cutOff: true });
    },
    { enabled: id !== null },
  );
  return { ...query, live: useLiveConnection() };
}
