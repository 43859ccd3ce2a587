import type { RouterOutputs } from '@runledger/client';
import { DEFAULT_WORDS } from '@runledger/client/react';
import { HEALTHS } from '@runledger/contracts/healths';
import { EXECUTION_STATUSES } from '@runledger/contracts/status';

export { HealthLabel, StatusIcon, StatusLabel } from '@runledger/client/react';

export type ListedExecution = RouterOutputs['execution']['listExecutions']['items'][number];
export type Status = ListedExecution['status'];
export type Health = NonNullable<ListedExecution['health']>;

const words: Record<Status | Health, string> = { ...DEFAULT_WORDS, live: 'Live' };
const labels = <Name extends Status | Health>(names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, words[name]])) as Record<Name, string>;

export const STATUS_LABELS: Record<Status, string> = labels(EXECUTION_STATUSES);
export const HEALTH_LABELS: Record<Health, string> = labels(HEALTHS);
