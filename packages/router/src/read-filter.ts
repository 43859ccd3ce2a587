import type { FilterParts, ReadFilter, Scope } from '@runledger/contracts';
import { combineFilter, ExecutionError, FilterRequest } from '@runledger/contracts';
import { z } from 'zod';

/**
 * The filter of a request, which may say it as text. Of the caller's own executions there is no other user's: a link that an
 * owner made with one is read without it, and says so.
 * @throws ExecutionError `invalid_input` where the text says what no filter takes
 */
export function readFilterOf(parts: FilterParts, scope: Scope): ReadFilter {
  const { filter, ignored } = combineFilter(parts);
  const { userId, ...own } = filter;
  const isLeftOut = userId !== undefined && scope.ownedWorkflowId === undefined;
  const parsed = FilterRequest.safeParse(isLeftOut ? own : filter);
  if (!parsed.success) {
    throw new ExecutionError('invalid_input', `Invalid filter: ${z.prettifyError(parsed.error)}`, {
      cause: parsed.error,
      fields: z.flattenError(parsed.error).fieldErrors,
    });
  }
  return { filter: parsed.data, ignored: isLeftOut ? [...ignored, 'userId'] : ignored };
}
