import 'server-only';
import { initTRPC } from '@trpc/server';
import type { Context } from 'runledger';
import { runledgerErrorData } from 'runledger';
import superjson from 'superjson';
import { runledger } from '~/server/runledger';

export const createTRPCContext = (request: { headers: Headers }): Promise<Context> =>
  runledger().createContext(request);

const t = initTRPC.context<Context>().create({
  transformer: superjson,
  // Of silent streams, clients and proxies notice by these whether they are alive.
  sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 40_000 } },
  errorFormatter: ({ shape, error }) => ({ ...shape, data: { ...shape.data, ...runledgerErrorData(error) } }),
});

export const createTRPCRouter = t.router;
export const createCallerFactory = t.createCallerFactory;
export const publicProcedure = t.procedure;
