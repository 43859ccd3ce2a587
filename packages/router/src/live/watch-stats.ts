import type { Scope } from '@runledger/contracts';
import { pause } from '@runledger/contracts';
import { tracked } from '@trpc/server';
import type { CallerContext } from '../context.ts';
import { followed } from '../whose.ts';
import type { Live } from './live.ts';

/** Statistics are not read more often than this while executions change, in milliseconds. */
const APART_MS = 1_000;

/** Statistics as they are, and again after executions of the scope have changed, at most once a second. */
export async function* watchStats<Stats>(
  ctx: CallerContext,
  live: Live,
  request: { scope: Scope; read: () => Promise<Stats>; lastEventId: string | null; signal: AbortSignal },
) {
  const { scope, read, lastEventId, signal } = request;
  let isFirst = true;
  for await (const { changes, cursor, isReset } of live.follow(ctx, { userId: followed(scope), lastEventId, signal })) {
    if (!isFirst && !isReset && changes.length === 0) continue;
    isFirst = false;
    yield tracked(live.ids.idOf(cursor), await read());
    // What changes meanwhile waits in the hub, and is told by the next reading.
    await pause(APART_MS, signal);
  }
}
