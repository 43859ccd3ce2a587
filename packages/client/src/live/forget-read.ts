import type { Query, QueryClient } from '@tanstack/react-query';
import type { RouterOutputs } from '../router-types.ts';

/** Routers of the API: the first part of each of its keys. */
const ROUTERS = { execution: true, workflow: true, system: true, key: true } satisfies Record<
  keyof RouterOutputs,
  true
>;

/** Forgets what was read of the API, and reads anew what is shown: it was another user's. What else a host keeps stays. */
export function forgetRead(queries: QueryClient): void {
  const cache = queries.getQueryCache();
  const isOfApi = ({ queryKey: [path] }: Query) => Array.isArray(path) && Object.hasOwn(ROUTERS, path[0]);
  for (const query of cache.findAll({ predicate: isOfApi })) {
    if (!query.isActive()) cache.remove(query);
    else {
      query.reset();
      // What a server had read for the page comes back with that.
      query.setState({ data: undefined, status: 'pending', dataUpdatedAt: 0 });
    }
  }
  void queries.refetchQueries({ predicate: isOfApi, type: 'active' });
}
