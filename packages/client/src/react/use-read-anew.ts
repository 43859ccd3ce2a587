import type { QueryKey } from '@tanstack/react-query';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { readAllAnew, readAnew } from '../live/read-anew.ts';
import { useRunledger } from './use-runledger.ts';

/**
 * To be called after an action: nothing that is shown of the API from then on is older than it, or, with a key, nothing that is
 * read by that. `useExecutions` hears of what has changed, so its rows stay where they are.
 */
export function useReadAnew(): (queryKey?: QueryKey) => void {
  const { live } = useRunledger();
  const queries = useQueryClient();
  return useCallback(
    (queryKey) => {
      if (queryKey) void readAnew(queries, queryKey, { cutOff: true });
      else readAllAnew(queries, { isTold: live.connection().state === 'live' });
    },
    [live, queries],
  );
}
