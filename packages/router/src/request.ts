import { CURSOR_LIMIT, PAGE } from '@runledger/contracts';
import { z } from 'zod';

/** Text of one to `longest` characters, without blanks around it. */
export function shortText(longest: number) {
  return z.string().trim().min(1).max(longest);
}

export const ExecutionId = z.uuid();

/** Of a subscription: the id of the last event that was seen, by which it goes on. */
export const LastEventId = z.string().max(64).nullish();

export const PageRequest = z.object({
  limit: z.number().int().min(1).max(PAGE.most).default(PAGE.usual),
  /** `nextCursor` of the page before, of the same list and filter. */
  cursor: z.string().max(CURSOR_LIMIT).nullish(),
});
