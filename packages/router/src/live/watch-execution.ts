import { DELETED_BY, ExecutionWithWorkflow, LARGE_BYTES, Progress } from '@runledger/contracts';
import type { TrackedEnvelope } from '@trpc/server';
import { tracked } from '@trpc/server';
import { z } from 'zod';
import type { CallerContext } from '../context.ts';
import { executionNotFound } from '../control-execution.ts';
import { jsonBytes } from '../limits.ts';
import { ExecutionId, LastEventId } from '../request.ts';
import { followed, readScope } from '../whose.ts';
import { isSettled } from './ended.ts';
import type { Live } from './live.ts';

export const WatchExecutionRequest = z.object({ id: ExecutionId, lastEventId: LastEventId });

/** `execution`: as it stands now, whole. `progress`: how far it has got, as reported; it has a counter of its own. `deleted`: there is no such execution any more. */
export const ExecutionEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('execution'), execution: ExecutionWithWorkflow }),
  z.object({ kind: z.literal('progress'), progress: Progress }),
  z.object({ kind: z.literal('deleted'), id: z.string(), deletedBy: z.enum(DELETED_BY).nullable() }),
]);
export type ExecutionEvent = z.infer<typeof ExecutionEvent>;

/** Whether its payloads are not to be read again for nothing. */
const isLarge = ({ input, output }: ExecutionWithWorkflow) => jsonBytes(input) + jsonBytes(output) >= LARGE_BYTES;

/**
 * One execution as it stands, and again whenever it changes; ends once it is settled or deleted.
 * @throws ExecutionError `not_found`, where it is not there when the watch begins
 */
export async function* watchExecution(
  ctx: CallerContext,
  live: Live,
  { id, lastEventId = null, signal }: z.output<typeof WatchExecutionRequest> & { signal: AbortSignal },
): AsyncGenerator<TrackedEnvelope<ExecutionEvent>, void> {
  const { reader } = ctx.caller;
  const scope = readScope(ctx);
  let known: ExecutionWithWorkflow | null = null;
  let counter = 0;
  /** Whole where it is news: progress is reported every second, and changes nothing of what it was given. */
  async function readNow(before: ExecutionWithWorkflow | null): Promise<ExecutionWithWorkflow | null> {
    if (before && isLarge(before)) {
      const now = await reader.get(scope, id, { payloads: false });
      if (!now || now.revision <= before.revision) return now;
    }
    return reader.get(scope, id);
  }
  for await (const { changes, cursor, isReset } of live.follow(ctx, { userId: followed(scope), lastEventId, signal })) {
    // One that was merged into another goes on under the id of that. After a reset nobody knows what changed.
    const isAbout = isReset || changes.some(({ executionId }) => executionId === known?.id || executionId === id);
    if (known && !isAbout) continue;
    const now: ExecutionWithWorkflow | null = await readNow(known);
    const event = (data: ExecutionEvent) => tracked(live.ids.idOf(cursor), data);
    if (!now && !known && lastEventId === null) throw executionNotFound(id);
    if (!now) {
      const deletedBy = changes.find(({ executionId }) => executionId === known?.id)?.deletedBy ?? null;
      yield event({ kind: 'deleted', id, deletedBy });
      return;
    }
    const isNewer = !known || now.revision > known.revision;
    if (isNewer) yield event({ kind: 'execution', execution: now });
    // A change that is none of the row tells of progress; one of both is told once, as the row's.
    if (!known || !isNewer || counter > 0 || isSettled(now)) {
      const progress = (await reader.progress(scope, now.id))?.progress ?? null;
      if (progress && progress.counter > counter) yield event({ kind: 'progress', progress });
      counter = Math.max(counter, progress?.counter ?? 0);
    }
    if (isSettled(now)) return;
    if (isNewer) known = now;
  }
}
