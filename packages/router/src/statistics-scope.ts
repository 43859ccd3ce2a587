import type { ReadFilter, Scope, Workflow } from '@runledger/contracts';
import { FilterRequest, RelativeInstant, resolveInstant, WINDOW_BY } from '@runledger/contracts';
import { z } from 'zod';
import type { CallerContext } from './context.ts';
import { requireCounts, whole } from './list-executions.ts';
import type { Publishing } from './publishing.ts';
import { readFilterOf } from './read-filter.ts';

/**
 * Started at or after `from` and before `to`; since the beginning without them. Either may be relative, as in a filter (`-24h`): the
 * answer has what it came to. Widened to whole UTC hours.
 */
export const Window = z.object({
  workflowId: z.uuid().optional(),
  from: RelativeInstant.optional(),
  to: RelativeInstant.optional(),
});

/** Which executions are counted beside their window. By end or with a filter they are looked at themselves, at most 20,000. */
export const Counted = z.object({
  /** What `from` and `to` are about: when executions started, or when they ended. */
  by: z.enum(WINDOW_BY).default('start'),
  // Only what it finds, as in lists; its own times narrow the window.
  ...whole(FilterRequest),
});

/** What a filter as text has beside a filter (`colour`, `status=nonsense`); it was left out. */
export const Ignored = { ignored: z.array(z.string()) };

/**
 * The filter of a request for statistics.
 * @throws ExecutionError `permission_denied` where the owner of a workflow asks by what is in others' rows
 */
export function countedFilter(
  { caller }: CallerContext,
  { scope, owned, publishing }: { scope: Scope; owned: Workflow | null; publishing: Publishing },
  filter: z.output<typeof Counted>['filter'],
): Partial<ReadFilter> & Pick<ReadFilter, 'ignored'> {
  if (filter === undefined) return { ignored: [] };
  const read = readFilterOf({ filter }, scope);
  if (owned) requireCounts({ publishing, caller, workflow: owned }, read.filter);
  return read;
}

/** A request with its relative instants as they are now, by one clock for both. @param now Milliseconds since 1970. */
export function resolved<Request extends { from?: string | undefined; to?: string | undefined }>(
  request: Request,
  now: number = Date.now(),
): Request {
  const { from, to } = request;
  return {
    ...request,
    ...(from === undefined ? {} : { from: resolveInstant(from, now) }),
    ...(to === undefined ? {} : { to: resolveInstant(to, now) }),
  };
}

export const limitOf = (most: number) => z.number().int().min(1).max(most).default(10);
