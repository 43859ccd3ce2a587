import type { Timeline } from '@runledger/contracts';
import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { readAnew } from '../live/read-anew.ts';
import { useLiveEvents } from './use-live.ts';
import { useRunledger } from './use-runledger.ts';

/** Steps of an open execution are read from Temporal, which tells nobody of them: this often, in milliseconds. */
const WHILE_OPEN_MS = 5_000;
/** After its end they are kept within moments; until then it is asked for this often. */
const WHILE_PENDING_MS = 1_000;

const EVERY_MS: Partial<Record<Timeline['state'], number>> = { live: WHILE_OPEN_MS, pending: WHILE_PENDING_MS };

/** The steps of one execution, again as they happen. With `null` as id nothing is read. @returns what `useQuery` returns */
export function useTimeline(id: string | null) {
  const { trpc } = useRunledger();
  const queries = useQueryClient();
  const options = trpc.execution.getTimeline.queryOptions(id === null ? skipToken : { id });
  const query = useQuery({
    ...options,
    refetchInterval: ({ state: { data } }) => (data && EVERY_MS[data.state]) ?? false,
  });
  useLiveEvents(
    (event) => {
      const isTold =
        event.kind === 'resync' || event.changes.some((change) => 'execution' in change && change.execution.id === id);
      if (isTold) void readAnew(queries, options.queryKey, { cutOff: true });
    },
    { enabled: id !== null },
  );
  return query;
}
