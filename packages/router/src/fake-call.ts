import { TRPCError } from '@trpc/server';
import type { Context } from './context.ts';
import type { PublicError } from './error-mapping.ts';
import { publicError } from './error-mapping.ts';
import { STARTABLE } from './fake-context.ts';
import type { Publishing } from './publishing.ts';
import { createAppRouter } from './root.ts';
import { createCallerFactory } from './trpc.ts';

/** Calls the router as tRPC would, without HTTP. */
export function callRouter(context: Context, publishing?: Partial<Publishing>) {
  return createCallerFactory(createAppRouter({ startable: STARTABLE, ...(publishing ? { publishing } : {}) }))(context);
}

/** What a caller would be told of a failed call, with tRPC's code for it. */
export async function refusalOf(call: Promise<unknown>): Promise<PublicError & { code: string }> {
  const error = await call.then(
    (value) => new Error(`It was not refused but answered ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof TRPCError)) throw error;
  return { code: error.code, ...publicError(error, 'request-1') };
}
