import { config } from '../../config.ts';
import { useNow } from '../../parts/time.tsx';
import { useProof } from '../../shell/proof-chip.tsx';
import type { Details } from './types.ts';

/** Two clocks, and a retention that Temporal does not take to the second. In milliseconds. */
const SLACK_MS = 600_000;
const EVERY_MS = 60_000;

/** How long Temporal kept an execution that it keeps no more, in milliseconds; `null` where it may still have it. */
export function useForgottenAfter({ engine, temporalNamespace, completedAt }: Details): number | null {
  const now = useNow(EVERY_MS);
  const { data: proof } = useProof();
  const retentionMs = proof?.retentionMs ?? 0;
  if (engine !== 'temporal' || temporalNamespace !== config.namespace || completedAt === null || retentionMs <= 0)
    return null;
  return now - Date.parse(completedAt) > retentionMs + SLACK_MS ? retentionMs : null;
}
