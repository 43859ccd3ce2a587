import type { ExecutionFilter, FilterParts, ReadFilter, Scope } from '@runledger/contracts';
import { combineFilter, ExecutionError, FilterRequest, issuesSentence } from '@runledger/contracts';
import { z } from 'zod';

/**
 * The filter of a request, which may say it as text.
 * @throws ExecutionError `invalid_input` where the text says what no filter takes
 */
export function readFilterOf(parts: FilterParts, scope: Scope): ReadFilter {
  const { filter, ignored } = combineFilter(parts);
  const isOwn = scope.ownedWorkflowId === undefined && scope.everybody === undefined;
  const parsed = FilterRequest.safeParse(isOwn ? ofOwn(filter, scope.userId) : filter);
  if (!parsed.success) {
    throw new ExecutionError('invalid_input', `Invalid filter: ${issuesSentence(parsed.error)}`, {
      fields: z.flattenError(parsed.error).fieldErrors,
    });
  }
  return { filter: parsed.data, ignored };
}

/** A list of the caller's own executions by users is the whole list where they are among those, and none of it otherwise. */
function ofOwn({ userId, userIds, ...own }: ExecutionFilter, caller: string): ExecutionFilter {
  const asked = [...(userId === undefined ? [] : [[userId]]), ...(userIds === undefined ? [] : [userIds])];
  const others = asked.find((users) => !users.includes(caller));
  return others ? { ...own, userIds: others } : own;
}
