import 'server-only';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { cache } from 'react';
import { createCaller } from '~/server/api/root';
import { createTRPCContext } from '~/server/api/trpc';
import { runledger } from '~/server/runledger';
import { accessToken } from '~/server/supabase';
import { createQueryClient } from '~/trpc/query-client';

/** One for each request: no user's page shows what another's has read. */
export const getQueryClient = cache(createQueryClient);

const getContext = cache(async () => {
  const token = await accessToken();
  return createTRPCContext({ headers: new Headers(token ? { authorization: `Bearer ${token}` } : {}) });
});

/** Every procedure, without HTTP. */
export const api = createCaller(getContext);

/** To prefetch: of Runledger's own router, so that the keys are those of its hooks. */
export const executions = () =>
  createTRPCOptionsProxy({ router: runledger().router, ctx: getContext, queryClient: getQueryClient }).execution;
