import { lazy } from '@trpc/server';
import { shopRouter } from '~/server/api/routers/shop';
import { createCallerFactory, createTRPCRouter } from '~/server/api/trpc';
import { runledger } from '~/server/runledger';

export const appRouter = createTRPCRouter({
  shop: shopRouter,
  runledger: lazy(async () => runledger().router),
});

export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
