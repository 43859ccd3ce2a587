import type { QueryClient } from '@tanstack/react-query';
import { isOfApi } from './is-of-api.ts';

/** Forgets what was read of the API, and reads anew what is shown: it was another user's. What else a host keeps stays. */
export function forgetRead(queries: QueryClient): void {
  const cache = queries.getQueryCache();
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
