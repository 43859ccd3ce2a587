import type { ExecutionStatus } from './facts/status.ts';
import { EXECUTION_STATUSES } from './facts/status.ts';
import { HEALTHS } from './healths.ts';
import type { Health } from './proof.ts';

/**
 * Which executions a list shows. All parts must hold; within `status`, `health`, `tags` and `ids` any may. Imports no
 * zod, so a browser can; `FilterRequest` checks one.
 */
export interface ExecutionFilter {
  status?: ExecutionStatus[];
  workflowId?: string;
  /** Only where an owner looks at all users' executions of their workflow. */
  userId?: string;
  /** Started at or after; ISO 8601. */
  from?: string;
  /** Started before; ISO 8601. */
  to?: string;
  /** What the business makes of it; exactly this label. */
  verdict?: string;
  /** Run time of ended executions in milliseconds, at least; inclusive. */
  minDurationMs?: number;
  /** Run time of ended executions in milliseconds, at most; inclusive. */
  maxDurationMs?: number;
  /** Has any of these. */
  tags?: string[];
  /** Has all of these. */
  allTags?: string[];
  /** Unsettled executions that stood so when they were last looked at. */
  health?: Health[];
  /** Failures of one kind: 16 hexadecimal digits, as statistics name it. */
  failureGroup?: string;
  /** Anywhere in the error message, in any case; 3 to 200 characters. */
  text?: string;
  /** Execution ids or Temporal workflow ids; up to 100. */
  ids?: string[];
}

/** What a list is sorted by. By `completed_at` and by `duration` it holds ended executions only. */
export const EXECUTION_ORDERS = ['started_at', 'completed_at', 'duration'] as const;
export type ExecutionOrder = (typeof EXECUTION_ORDERS)[number];

const WORDS = ['workflowId', 'userId', 'from', 'to', 'verdict', 'failureGroup', 'text'] as const;
const NUMBERS = ['minDurationMs', 'maxDurationMs'] as const;
const LISTS = ['tags', 'allTags', 'ids'] as const;

/**
 * Writes a filter as a query string (`status=failed,timed_out&tags=berlin&tags=vip&from=2026-11-01T00:00:00Z`): the one
 * text form that page addresses, share links and command lines carry. `decodeFilter(encodeFilter(f))` equals `f`.
 */
export function encodeFilter(filter: ExecutionFilter): string {
  const query = new URLSearchParams();
  const choices = (['status', 'health'] as const).flatMap((key) =>
    filter[key]?.length ? `${key}=${filter[key].join(',')}` : [],
  );
  for (const key of WORDS) if (filter[key]) query.set(key, filter[key]);
  for (const key of NUMBERS) if (filter[key] !== undefined) query.set(key, String(filter[key]));
  for (const key of LISTS) for (const value of filter[key] ?? []) query.append(key, value);
  // Joined by hand: a comma that is written as %2C is nothing that people read or write.
  return [...choices, ...(query.size ? [query.toString()] : [])].join('&');
}

function chosen<T extends string>(text: string | null, known: readonly T[]): T[] {
  return (text ?? '').split(',').filter((word): word is T => (known as readonly string[]).includes(word));
}

/** Reads what `encodeFilter` wrote. Unknown keys and unknown statuses are dropped: a shared link never breaks a page. */
export function decodeFilter(text: string): ExecutionFilter {
  const query = new URLSearchParams(text);
  const filter: ExecutionFilter = {};
  const status = chosen(query.get('status'), EXECUTION_STATUSES);
  if (status.length) filter.status = status;
  const health = chosen(query.get('health'), HEALTHS);
  if (health.length) filter.health = health;
  for (const key of WORDS) {
    const value = query.get(key);
    if (value) filter[key] = value;
  }
  for (const key of NUMBERS) {
    const value = query.get(key);
    if (value && /^\d{1,15}$/.test(value)) filter[key] = Number(value);
  }
  for (const key of LISTS) {
    const values = query.getAll(key);
    if (values.length) filter[key] = values;
  }
  return filter;
}
