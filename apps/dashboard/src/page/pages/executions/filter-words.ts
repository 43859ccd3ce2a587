import type { ExecutionFilter } from '@runledger/contracts/filter';
import { formatDuration } from '@runledger/contracts/format-duration';
import type { Clock } from '../../parts/clock.ts';
import { HEALTH_LABELS, STATUS_LABELS } from '../../parts/status.tsx';

export type FilterKey = keyof ExecutionFilter;

/** One part of a filter for people: `Status` `failed, timed out`. */
export interface FilterWords {
  /** The parts of the filter that it tells, and that go where it is dropped. */
  keys: FilterKey[];
  label: string;
  text: string;
}

const UNITS: Record<string, [string, string]> = {
  s: ['second', 'seconds'],
  m: ['minute', 'minutes'],
  h: ['hour', 'hours'],
  d: ['day', 'days'],
  w: ['week', 'weeks'],
};

/** `-24h` as `24 hours`. */
function lengthOf(relative: string): string | null {
  const [, count, unit] = /^-(\d+)([smhdw])$/.exec(relative) ?? [];
  const names = unit ? UNITS[unit] : undefined;
  if (!names || count === undefined) return null;
  return count === '1' ? names[0] : `${count} ${names[1]}`;
}

/** `last 24 hours`, `since 12:00`, `09:00 to 12:00`. */
export function windowWords(from: string | undefined, to: string | undefined, clock: Clock): string {
  const last = from ? lengthOf(from) : null;
  const tell = (instant: string) => {
    const length = lengthOf(instant);
    return length ? `${length} ago` : clock.shortOf(instant);
  };
  if (last && !to) return `last ${last}`;
  if (from && to) return `${tell(from)} to ${tell(to)}`;
  return from ? `since ${tell(from)}` : `before ${tell(to as string)}`;
}

const lower = (text: string) => text.toLowerCase();
const range = (least: number | undefined, most: number | undefined, write: (value: number) => string) =>
  least !== undefined && most !== undefined
    ? `${write(least)} to ${write(most)}`
    : least !== undefined
      ? `${write(least)} or more`
      : `${write(most as number)} or less`;

export interface Names {
  workflow(id: string): string;
  user(id: string): string;
  failure(group: string): string;
}

/** Pure: the parts of a filter in the order in which they are shown. */
export function filterWords(filter: ExecutionFilter, clock: Clock, names: Names): FilterWords[] {
  const words: (FilterWords | false | undefined)[] = [
    (filter.from ?? filter.to) !== undefined && {
      keys: ['from', 'to'],
      label: 'Started',
      text: windowWords(filter.from, filter.to, clock),
    },
    (filter.endedFrom ?? filter.endedTo) !== undefined && {
      keys: ['endedFrom', 'endedTo'],
      label: 'Ended',
      text: windowWords(filter.endedFrom, filter.endedTo, clock),
    },
    filter.status && {
      keys: ['status'],
      label: 'Status',
      text: filter.status.map((status) => lower(STATUS_LABELS[status])).join(', '),
    },
    filter.health && {
      keys: ['health'],
      label: 'Health',
      text: filter.health.map((health) => lower(HEALTH_LABELS[health])).join(', '),
    },
    filter.not && {
      keys: ['not'],
      label: 'Not',
      text: [
        ...(filter.not.status ?? []).map((status) => lower(STATUS_LABELS[status])),
        ...(filter.not.tags ?? []),
      ].join(', '),
    },
    filter.workflowId !== undefined && {
      keys: ['workflowId'],
      label: 'Workflow',
      text: names.workflow(filter.workflowId),
    },
    filter.workflowIds && {
      keys: ['workflowIds'],
      label: 'Workflow',
      text: filter.workflowIds.map(names.workflow).join(', '),
    },
    filter.userIds && { keys: ['userIds'], label: 'User', text: filter.userIds.map(names.user).join(', ') },
    filter.origin && { keys: ['origin'], label: 'Started by', text: filter.origin.join(', ') },
    filter.userId !== undefined && { keys: ['userId'], label: 'User', text: names.user(filter.userId) },
    filter.text !== undefined && { keys: ['text'], label: 'Error contains', text: filter.text },
    filter.failureGroup !== undefined && {
      keys: ['failureGroup'],
      label: 'Kind of failure',
      text: names.failure(filter.failureGroup),
    },
    filter.tags && { keys: ['tags'], label: 'Tag', text: filter.tags.join(' or ') },
    filter.allTags && { keys: ['allTags'], label: 'Tags', text: filter.allTags.join(' and ') },
    (filter.minDurationMs ?? filter.maxDurationMs) !== undefined && {
      keys: ['minDurationMs', 'maxDurationMs'],
      label: 'Took',
      text: range(filter.minDurationMs, filter.maxDurationMs, formatDuration),
    },
    (filter.minRuns ?? filter.maxRuns) !== undefined && {
      keys: ['minRuns', 'maxRuns'],
      label: 'Runs',
      text: range(filter.minRuns, filter.maxRuns, String),
    },
    filter.verdict !== undefined && { keys: ['verdict'], label: 'Verdict', text: filter.verdict },
    filter.authority !== undefined && {
      keys: ['authority'],
      label: 'Known from',
      text: filter.authority === 'engine' ? 'Temporal' : 'a report only',
    },
    filter.taskQueue !== undefined && { keys: ['taskQueue'], label: 'Task queue', text: filter.taskQueue },
    filter.workflowType !== undefined && { keys: ['workflowType'], label: 'Type', text: filter.workflowType },
    filter.ids && { keys: ['ids'], label: 'Id', text: filter.ids.join(', ') },
  ];
  const told = words.filter((one): one is FilterWords => Boolean(one));
  const keys = new Set(told.flatMap((one) => one.keys));
  // What a later version knows is still told, in its own words.
  const rest = (Object.keys(filter) as FilterKey[]).filter((key) => filter[key] !== undefined && !keys.has(key));
  return [...told, ...rest.map((key) => ({ keys: [key], label: key, text: String(filter[key]) }))];
}

export function without(filter: ExecutionFilter, keys: readonly FilterKey[]): ExecutionFilter {
  return Object.fromEntries(Object.entries(filter).filter(([key]) => !keys.includes(key as FilterKey)));
}
