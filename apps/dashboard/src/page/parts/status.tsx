import type { RouterOutputs } from '@runledger/client';
import { Ban, CircleCheck, CircleDashed, CircleX, Clock, LoaderCircle, OctagonMinus } from 'lucide-react';

export type ListedExecution = RouterOutputs['execution']['listExecutions']['items'][number];
export type Status = ListedExecution['status'];
export type Health = NonNullable<ListedExecution['health']>;

export const STATUS_LABELS: Record<Status, string> = {
  pending: 'Pending',
  running: 'Running',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
  timed_out: 'Timed out',
  terminated: 'Terminated',
};
export const HEALTH_LABELS: Record<Health, string> = {
  live: 'Live',
  late: 'Late',
  wedged: 'Wedged',
  cancelling: 'Cancelling',
  lost: 'Lost',
};
const ICONS = {
  pending: CircleDashed,
  running: LoaderCircle,
  completed: CircleCheck,
  failed: CircleX,
  cancelled: Ban,
  timed_out: Clock,
  terminated: OctagonMinus,
};
const COLOURS: Record<Status, string> = {
  pending: 'text-primary',
  running: 'text-primary',
  completed: 'text-success',
  failed: 'text-danger',
  cancelled: 'text-quiet',
  timed_out: 'text-danger',
  terminated: 'text-quiet',
};
const LOUD = new Set<Status>(['failed', 'timed_out']);
const HEALTH_COLOURS: Record<Health, string> = {
  live: '',
  late: 'text-warning bg-warning/12',
  wedged: 'text-wedged bg-wedged/12',
  cancelling: 'text-quiet bg-quiet/13',
  lost: 'text-quiet bg-quiet/13',
};

export function StatusIcon({ status, className = 'size-4' }: { status: Status; className?: string }) {
  const Icon = ICONS[status];
  return <Icon className={`${className} ${COLOURS[status]} flex-none`} aria-hidden="true" />;
}

/** Icon, word and colour; never colour alone. Completed is quiet. */
export function StatusLabel({ status }: { status: Status }) {
  return (
    <span
      className={`inline-flex items-center gap-1.5 font-[540] whitespace-nowrap ${LOUD.has(status) ? 'text-danger' : ''}`}
    >
      <StatusIcon status={status} />
      {STATUS_LABELS[status]}
    </span>
  );
}

/** Beside the status, never instead of it; nothing where all is as it should be. */
export function HealthLabel({ health }: { health: Health | null }) {
  if (health === null || health === 'live') return null;
  return (
    <span className={`inline-flex rounded px-1.5 text-[12.5px]/[18px] font-[540] ${HEALTH_COLOURS[health]}`}>
      {HEALTH_LABELS[health]}
    </span>
  );
}
