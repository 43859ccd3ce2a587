import { isTerminal, stageOf } from '@runledger/contracts/status';
import type { ReactNode } from 'react';
import type { ExecutionSummary } from '../../live/stream-source.ts';
import { Duration, ElapsedTime } from '../parts/duration.tsx';
import { HealthLabel } from '../parts/health-label.tsx';
import { RelativeTime } from '../parts/relative-time.tsx';
import { StatusLabel } from '../parts/status-label.tsx';
import type { Audience } from '../words/use-words.tsx';
import type { Words } from '../words/words.ts';

export type ColumnKey = 'status' | 'why' | 'started' | 'ended' | 'took' | 'user' | 'tags' | 'id';

/** A column of a table of executions: one of ours by its name, or one of your own. */
export interface Column {
  key: string;
  header: ReactNode;
  cell(execution: ExecutionSummary): ReactNode;
  /** Numbers stand at the end. Default: start. */
  align?: 'start' | 'end';
  /** Where there is little room, it is left out. Default: false. */
  isMinor?: boolean;
}

/** End of an id, enough to tell it from others. */
const SHORT_ID = 4;

/** Tags that a row has room for. */
const MOST_TAGS = 4;

/** Pure: the first few as they are, the rest as how many: `+46`, which names them. A row stays as tall as the others. */
export function shownTags(tags: readonly string[]): { text: string; title: string }[] {
  const isAll = tags.length <= MOST_TAGS;
  const shown = tags.slice(0, isAll ? MOST_TAGS : MOST_TAGS - 1).map((tag) => ({ text: tag, title: tag }));
  const rest = tags.slice(shown.length);
  return rest.length === 0 ? shown : [...shown, { text: `+${rest.length}`, title: rest.join(', ') }];
}

/** Customers are told that something is late or being stopped, while it is open; what is wrong with its code is the team's. */
export function healthFor(audience: Audience, status: ExecutionSummary['status'], health: ExecutionSummary['health']) {
  if (audience === 'team') return health;
  return !isTerminal(status) && (health === 'late' || health === 'cancelling') ? health : null;
}

/** Our columns but `why`, which is the row's name. */
export function columnOf(key: Exclude<ColumnKey, 'why'>, words: Words, audience: Audience): Column {
  switch (key) {
    case 'status':
      return {
        ...{ key, header: words.columnStatus },
        cell: ({ status, health }) => (
          <>
            <StatusLabel status={status} />
            <HealthLabel health={healthFor(audience, status, health)} />
          </>
        ),
      };
    case 'started':
      return { ...{ key, header: words.columnStarted }, cell: ({ startedAt }) => <RelativeTime at={startedAt} /> };
    case 'ended':
      return {
        ...{ key, header: words.columnEnded, isMinor: true },
        cell: ({ completedAt }) => (completedAt === null ? words.nothing : <RelativeTime at={completedAt} />),
      };
    case 'took':
      return {
        ...{ key, header: words.columnTook, align: 'end', isMinor: true },
        cell: ({ status, durationMs, startedAt, engineStartedAt }) =>
          status === 'running' ? <ElapsedTime since={engineStartedAt ?? startedAt} /> : <Duration ms={durationMs} />,
      };
    case 'user':
      return {
        ...{ key, header: words.columnUser, isMinor: true },
        cell: ({ userName, createdBy }) => userName ?? `…${createdBy.slice(-SHORT_ID)}`,
      };
    case 'tags':
      return {
        ...{ key, header: words.columnTags, isMinor: true },
        cell: ({ tags }) =>
          shownTags(tags).map(({ text, title }) => (
            <span key={title} className="rl-tag" title={title}>
              {text}
            </span>
          )),
      };
    case 'id':
      return {
        ...{ key, header: words.columnId, align: 'end', isMinor: true },
        cell: ({ id }) => (
          <code title={id} dir="ltr">
            …{id.slice(-SHORT_ID)}
          </code>
        ),
      };
  }
}

/** What stands below a row's name; `null` where there is nothing to say. @param now Milliseconds since 1970, `null` on a server */
export function whyOf(
  row: ExecutionSummary,
  { words, audience, now }: { words: Words; audience: Audience; now: number | null },
): { text: ReactNode; isBad: boolean } | null {
  const isBad = stageOf(row.status) === 'faulty';
  if (words.why) {
    const text = words.why(row);
    if (text) return { text, isBad };
  }
  if (row.status === 'running') {
    const over = now === null || row.expectedBy === null ? 0 : now - Date.parse(row.expectedBy);
    if (over > 0 && audience === 'team') return { text: words.over(over), isBad: false };
    if (over <= 0 && row.usual) return { text: words.usually(row.usual.p50), isBad: false };
  }
  // Messages of errors and what operators wrote is not for customers.
  if (audience === 'user') return null;
  const text = isBad ? row.errorMessage : (row.endReason ?? row.cancelReason ?? row.errorMessage ?? row.verdict);
  return text ? { text: text.split('\n', 1)[0], isBad } : null;
}
