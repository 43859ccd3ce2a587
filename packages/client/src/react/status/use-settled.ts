import type { ExecutionStatus } from '@runledger/contracts/status';
import { isTerminal } from '@runledger/contracts/status';
import { useEffect, useRef } from 'react';

/**
 * Calls once when an execution has ended, also where it had before the component was there; again where the end turns out to be another
 * one, or it was reset and ends anew.
 */
export function useSettled<E extends { id: string; status: ExecutionStatus }>(
  execution: E | undefined,
  onSettled: ((execution: E) => void) | undefined,
): void {
  const told = useRef<string | null>(null);
  useEffect(() => {
    if (!execution) return;
    const end = isTerminal(execution.status) ? `${execution.id} ${execution.status}` : null;
    if (end === told.current) return;
    told.current = end;
    if (end !== null) onSettled?.(execution);
  }, [execution, onSettled]);
}
