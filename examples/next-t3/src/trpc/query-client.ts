import { QueryClient } from '@tanstack/react-query';
import superjson from 'superjson';

export const createQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      // What a server has read is not read again at once.
      queries: { staleTime: 30_000 },
      dehydrate: { serializeData: superjson.serialize },
      hydrate: { deserializeData: superjson.deserialize },
    },
  });
