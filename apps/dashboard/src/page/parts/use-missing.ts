import { executionErrorCode } from '@runledger/client';
import { useState } from 'react';

/** Whether what a page is of is not there, or not the reader's to see; it stays so while it is asked for once more. */
export function useMissing(id: string, { error, isPending }: { error: unknown; isPending: boolean }): boolean {
  const [missing, setMissing] = useState<string | null>(null);
  const code = executionErrorCode(error);
  const isMissing = code === 'not_found' || code === 'invalid_input';
  if (isMissing && missing !== id) setMissing(id);
  return isMissing || (isPending && missing === id);
}
