import type { Query, QueryClient } from '@tanstack/react-query';

/**
 * What was shown under the filter before, until there is something under this one. What was forgotten meanwhile (`forgetRead`) was another
 * user's, and is not shown once more. A function of its own each time: TanStack Query asks the same one only once.
 */
export const keptRows =
  (queries: QueryClient) =>
  <Rows>(rows: Rows | undefined, of: Pick<Query, 'queryHash'> | undefined): Rows | undefined =>
    of && queries.getQueryCache().get(of.queryHash) === of ? rows : undefined;
