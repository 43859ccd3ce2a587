import type { ExecutionStatus } from './status.ts';
import { EXECUTION_STATUSES } from './status.ts';

/** Which executions a list shows. All parts must hold; within `status` any may. Imports no zod, so a browser can. */
export interface ExecutionFilter {
  status?: ExecutionStatus[];
  workflowId?: string;
  /** Started at or after; ISO 8601. */
  from?: string;
  /** Started before; ISO 8601. */
  to?: string;
  /** What the business makes of it; exactly this label. */
  verdict?: string;
}

/**
 * Writes a filter as a query string (`status=failed,timed_out&from=2026-11-01T00:00:00Z`): the one text form that page
 * addresses, share links and command lines carry. `decodeFilter(encodeFilter(f))` equals `f`.
 */
export function encodeFilter(filter: ExecutionFilter): string {
  const query = new URLSearchParams();
  if (filter.status?.length) query.set('status', filter.status.join(','));
  if (filter.workflowId) query.set('workflowId', filter.workflowId);
  if (filter.from) query.set('from', filter.from);
  if (filter.to) query.set('to', filter.to);
  if (filter.verdict) query.set('verdict', filter.verdict);
  return query.toString().replaceAll('%2C', ',');
}

/** Reads what `encodeFilter` wrote. Unknown keys and unknown statuses are dropped: a shared link never breaks a page. */
export function decodeFilter(text: string): ExecutionFilter {
  const query = new URLSearchParams(text);
  const filter: ExecutionFilter = {};
  const known: readonly string[] = EXECUTION_STATUSES;
  const status = (query.get('status') ?? '').split(',').filter((s): s is ExecutionStatus => known.includes(s));
  if (status.length) filter.status = status;
  for (const key of ['workflowId', 'from', 'to', 'verdict'] as const) {
    const value = query.get(key);
    if (value) filter[key] = value;
  }
  return filter;
}
