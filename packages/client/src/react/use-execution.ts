import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { patchDetails } from '../live/patch-details.ts';
import { readAnew } from '../live/read-anew.ts';
import { useLiveConnection, useLiveEvents } from './use-live.ts';
import { useRunledger } from './use-runledger.ts';

/** Which changes of an execution make it worth reading: newer than what is shown. */
function isNewer(known: { revision: number } | undefined, revision: number): boolean {
  return !known || revision > known.revision;
}

/**
 * One execution, whole: its row changes as it is told, and the rest is read again then. With `null` as id nothing is read.
 * @param options.payloads Whether its input and output are read too. Default: true.
 * @returns what `useQuery` returns, and `live`: how current that is.
 */
export function useExecution(id: string | null, { payloads = true } = {}) {
  const { trpc } = useRunledger();
  const queries = useQueryClient();
  const input = payloads ? { id: id ?? '' } : { id: id ?? '', payloads };
  const options = trpc.execution.getExecution.queryOptions(id === null ? skipToken : input);
  const query = useQuery(options);
  useLiveEvents(
    (event) => {
      const known = queries.getQueryData(options.queryKey);
      if (event.kind === 'resync') return void readAnew(queries, options.queryKey, { cutOff: true });
      for (const change of event.changes) {
        if ('deletedId' in change ? change.deletedId !== id : change.execution.id !== id) continue;
        if ('execution' in change) {
          if (!isNewer(known, change.execution.revision)) continue;
          // The status is told already; what else changed takes a round trip.
          if (known) queries.setQueryData(options.queryKey, patchDetails(known, change.execution));
        }
        void readAnew(queries, options.queryKey, { cutOff: true });
      }
    },
    { enabled: id !== null },
  );
  return { ...query, live: useLiveConnection() };
}
