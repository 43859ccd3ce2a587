import { createTRPCRouter, publicProcedure } from '~/server/api/trpc';

/** What the application had before. */
export const shopRouter = createTRPCRouter({
  offers: publicProcedure.query(() => ({ items: ['tea', 'coffee'], asOf: new Date() })),
});
