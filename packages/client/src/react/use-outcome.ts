import { isTerminal } from '@runledger/contracts/status';
import type { ExecutionSummary } from '../live/stream-source.ts';
import { useNow } from './parts/use-now.ts';
import type { OutcomeFacts } from './words/action-words.ts';

/** What a sentence about an execution is made of. Of what is not known nothing is told. */
export type Glance = Pick<ExecutionSummary, 'status'> &
  Partial<Pick<ExecutionSummary, 'startedAt' | 'engineStartedAt' | 'durationMs' | 'usual'>> & {
    workflow?: { name: string };
  };

/** How long an open execution runs is told anew this often, in milliseconds. */
const STEP_MS = 1_000;

/** What may be told of an execution to whoever looks at it. */
export function useOutcomeFacts(execution: Glance | undefined): OutcomeFacts | null {
  const now = useNow(STEP_MS);
  if (!execution) return null;
  const { status, workflow, durationMs, startedAt, engineStartedAt, usual } = execution;
  const began = engineStartedAt ?? startedAt;
  const ageMs = isTerminal(status) || now === null || !began ? null : Math.max(0, now - Date.parse(began));
  return {
    status,
    name: workflow?.name ?? null,
    durationMs: durationMs ?? null,
    ageMs: ageMs === null ? null : Math.floor(ageMs / STEP_MS) * STEP_MS,
    usualMs: usual?.p50 ?? null,
  };
}
