import type { RouterOutputs } from '@runledger/client';
import { DEFAULT_WORDS } from '@runledger/client/react';
import { HEALTHS } from '@runledger/contracts/healths';

export { HealthIcon, HealthLabel, StatusIcon, StatusLabel } from '@runledger/client/react';
export { STATUS_LABELS } from '@runledger/contracts/status';

export type ListedExecution = RouterOutputs['execution']['listExecutions']['items'][number];
export type Health = NonNullable<ListedExecution['health']>;

const words: Record<Health, string> = { ...DEFAULT_WORDS, live: 'Live' };

export const HEALTH_LABELS = Object.fromEntries(HEALTHS.map((health) => [health, words[health]])) as Record<
  Health,
  string
>;
