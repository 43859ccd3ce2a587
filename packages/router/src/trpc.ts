/**
 * How every procedure begins, in five steps:
 * 1. the context: who calls and what is injected (`context.ts`);
 * 2. errors, and what a host measures: ours become tRPC's by one table, and whatever is not meant for callers is masked and logged, before any
 *    formatter sees it: a host that mounts this router in its own has another one;
 * 3. requests: what could not be kept is refused before a procedure sees it;
 * 4. callers: `authed` procedures have one, who reads in turn, and what workflows redact as redacted;
 * 5. limits: each call of somebody who is known counts, before its input is looked at.
 */
import { ExecutionError } from '@runledger/contracts';
import { initTRPC } from '@trpc/server';
import type { CallerContext, Context } from './context.ts';
import type { PublicErrorData } from './error-mapping.ts';
import { isOperatorsConcern, publicError, toTRPCError } from './error-mapping.ts';
import type { ProcedureMeta } from './key-scope.ts';
import { requireKeyScope } from './key-scope.ts';
import { refusing } from './live/refusing.ts';
import { publicText } from './public-text.ts';
import { readingCaller } from './reading-caller.ts';
import { refuseUnstorable } from './storable-json.ts';
import { toExecutionError } from './thrown.ts';

/** How often a stream that has nothing to tell shows that it is alive, in milliseconds. */
const PING_MS = 15_000;
/** After this long without a word a client comes back by itself, in milliseconds. */
const SILENT_MS = 40_000;

// 1
const t = initTRPC
  .context<Context>()
  .meta<ProcedureMeta>()
  .create({
    sse: {
      // Proxies and clients notice by these that a silent stream is alive, or gone.
      ping: { enabled: true, intervalMs: PING_MS },
      client: { reconnectAfterInactivityMs: SILENT_MS },
    },
    // 2
    errorFormatter({ shape, error, ctx }) {
      const { message, ...data } = publicError(error, ctx?.requestId ?? null);
      const { stack: _, path, ...rest } = shape.data;
      const asked = path === undefined ? {} : { path: publicText(path, LONGEST_PATH) };
      return { ...shape, message, data: { ...rest, ...asked, ...(data satisfies PublicErrorData) } };
    },
  });

/** Whoever calls a procedure that does not exist chooses its name. In characters. */
const LONGEST_PATH = 100;

const mapErrors = t.middleware(({ ctx, path, type, next }) => {
  const refuse = (thrown: unknown) => {
    const error = toExecutionError(thrown);
    const refusal = toTRPCError(error, ctx.requestId);
    // Why there is no caller is the host's to log: anybody can send tokens.
    if (isOperatorsConcern(refusal) && error !== ctx.callerProblem)
      ctx.log.error({ err: error, path, requestId: ctx.requestId }, 'a call failed');
    return refusal;
  };
  const call = async () => {
    let thrown: unknown;
    try {
      const result = await next();
      if (result.ok) return isStream(result.data) ? { ...result, data: refusing(result.data, refuse) } : result;
      thrown = result.error;
    } catch (error) {
      thrown = error;
    }
    throw refuse(thrown);
  };
  return ctx.around ? ctx.around({ path, type }, call) : call();
});

const isStream = (data: unknown): data is AsyncIterable<unknown> =>
  typeof data === 'object' && data !== null && Symbol.asyncIterator in data;

// 3
const refuseUnstorableInput = t.middleware(async ({ ctx, getRawInput, next }) => {
  refuseUnstorable(await getRawInput(), ctx);
  return next();
});

// 4
const requireCaller = t.middleware(async ({ ctx, type, meta, signal, next }) => {
  if (!ctx.caller) {
    const none = 'No bearer token was sent; sign in and send it as "authorization: Bearer <access token>".';
    throw ctx.callerProblem ?? new ExecutionError('unauthenticated', none);
  }
  const caller = type === 'mutation' && ctx.caller.confirm ? await ctx.caller.confirm() : ctx.caller;
  requireKeyScope(caller, { meta, type });
  return next({
    ctx: { ...ctx, caller: readingCaller(caller, { ...ctx, gone: ctx.gone ?? signal }) } satisfies CallerContext,
  });
});

// 5
const takeCall = t.middleware(async ({ ctx, type, meta, signal, next }) => {
  const { caller, limits } = ctx;
  if (!caller || !limits) return next();
  await limits.take('requests', caller.userId);
  if (type === 'mutation') await limits.take('writes', caller.userId);
  if (type === 'subscription' || !limits.inTurn) return next();
  return limits.inTurn(caller.userId, { of: 'calls', places: meta?.places ?? 1, signal: ctx.gone ?? signal }, () =>
    next(),
  );
});

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;
/** Public procedure. @throws `rate_limited` */
export const publicProcedure = t.procedure.use(mapErrors).use(takeCall).use(refuseUnstorableInput);
/** Needs a caller; `ctx.caller` is never null. @throws `unauthenticated`, `rate_limited` */
export const authedProcedure = t.procedure.use(mapErrors).use(requireCaller).use(takeCall).use(refuseUnstorableInput);
