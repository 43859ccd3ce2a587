import type { ExecutionStatus } from './facts/status.ts';
import { EXECUTION_STATUSES } from './facts/status.ts';
import { HEALTHS } from './healths.ts';
import { ORIGINS } from './origins.ts';
import type { Health } from './proof.ts';

/** Who may have said how an execution ended: `reported` ones were not confirmed by the engine. */
export const AUTHORITIES = ['engine', 'reported'] as const;

/**
 * Which executions a list shows. All parts must hold; within `status`, `health`, `origin`, `tags`, `workflowIds`, `userIds` and
 * `ids` any may.
 * Imports no zod, so a browser can; `FilterRequest` checks one.
 */
export interface ExecutionFilter {
  status?: ExecutionStatus[];
  /** None of these. */
  not?: { status?: ExecutionStatus[]; tags?: string[] };
  workflowId?: string;
  /** Of any of these workflows; up to 20. */
  workflowIds?: string[];
  /** Of workflows whose runs go to this task queue. */
  taskQueue?: string;
  /** Of workflows of this Temporal workflow type. */
  workflowType?: string;
  /** Of one user. Of others only where an owner looks at all users' executions of their workflow, or an operator at everybody's. */
  userId?: string;
  /** Of any of these users; up to 20. As `userId`. */
  userIds?: string[];
  /** Who or what started it. */
  origin?: (typeof ORIGINS)[number][];
  /** Started at or after: ISO 8601, or so long before now (`-24h`, `-7d`; see `RelativeInstant`). */
  from?: string;
  /** Started before; as `from`. */
  to?: string;
  /** Ended at or after; as `from`. */
  endedFrom?: string;
  /** Ended before; as `from`. */
  endedTo?: string;
  /** Who said how it ended. */
  authority?: (typeof AUTHORITIES)[number];
  /** What the business makes of it; exactly this label. */
  verdict?: string;
  /** Run time of ended executions in milliseconds, at least; inclusive. */
  minDurationMs?: number;
  /** Run time of ended executions in milliseconds, at most; inclusive. */
  maxDurationMs?: number;
  /** Temporal runs of the chain, at least: 2 finds what was continued, retried or reset. */
  minRuns?: number;
  /** Temporal runs of the chain, at most. */
  maxRuns?: number;
  /** Has any of these. */
  tags?: string[];
  /** Has all of these. */
  allTags?: string[];
  /** Unsettled executions that stood so when they were last looked at. */
  health?: Health[];
  /** Failures of one kind: 16 hexadecimal digits, as statistics name it. */
  failureGroup?: string;
  /** Anywhere in the error message, in any case; 3 to 200 characters. */
  text?: string;
  /** Execution ids or Temporal workflow ids; up to 100. */
  ids?: string[];
}

/** What a list is sorted by. By `completed_at` and by `duration` it holds ended executions only. */
export const EXECUTION_ORDERS = ['started_at', 'completed_at', 'duration'] as const;
export type ExecutionOrder = (typeof EXECUTION_ORDERS)[number];

/** How each part of a filter is written. */
const FORMS = {
  status: 'choices',
  health: 'choices',
  origin: 'choices',
  not: 'exclusions',
  workflowId: 'word',
  taskQueue: 'word',
  workflowType: 'word',
  userId: 'word',
  from: 'word',
  to: 'word',
  endedFrom: 'word',
  endedTo: 'word',
  authority: 'choice',
  verdict: 'word',
  failureGroup: 'word',
  text: 'word',
  minDurationMs: 'number',
  maxDurationMs: 'number',
  minRuns: 'number',
  maxRuns: 'number',
  workflowIds: 'list',
  userIds: 'list',
  tags: 'list',
  allTags: 'list',
  ids: 'list',
} as const satisfies Record<keyof ExecutionFilter, string>;

type Form = (typeof FORMS)[keyof ExecutionFilter];
type Key = keyof typeof FORMS;
const KEYS = Object.keys(FORMS) as Key[];

/** Shorter names that people write. */
const ALIASES: Record<string, Key> = {
  workflow: 'workflowIds',
  queue: 'taskQueue',
  type: 'workflowType',
  user: 'userIds',
  tag: 'tags',
  id: 'ids',
};

const CHOICES: Partial<Record<Key, readonly string[]>> = {
  status: EXECUTION_STATUSES,
  health: HEALTHS,
  origin: ORIGINS,
  authority: AUTHORITIES,
};
/** Marks a tag among exclusions: a tag may be called like a status. */
const NOT_TAG = 'tag:';

/** A filter as text, as an object, or by its parts beside them; what stands beside counts, where two say the same part. */
export type FilterParts = Omit<ExecutionFilter, 'status'> & {
  status?: ExecutionStatus | ExecutionStatus[];
  filter?: string | (Omit<ExecutionFilter, 'status'> & { status?: ExecutionStatus | ExecutionStatus[] });
};

/** The one filter that its text or object and its parts beside them make, and what the text has beside it. */
export function combineFilter({ filter: whole = {}, ...parts }: FilterParts): ReadFilter {
  const { filter, ignored } = typeof whole === 'string' ? readFilter(whole) : { filter: whole, ignored: [] };
  const given = Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
  const { status, ...rest } = { ...filter, ...given } as FilterParts;
  return { filter: { ...rest, ...(status === undefined ? {} : { status: [status].flat() }) }, ignored };
}

/**
 * Writes a filter as a query string (`status=failed,timed_out&not=tag:test&from=-24h`): the one text form that page addresses,
 * share links, exports and command lines carry. `decodeFilter(encodeFilter(f))` equals `f`.
 */
export function encodeFilter(filter: ExecutionFilter): string {
  return KEYS.flatMap((key) => textsOf(key, filter[key]).map((text) => `${key}=${escaped(text, FORMS[key])}`)).join(
    '&',
  );
}

/** Colons, and commas between choices, are legal in a query and what people read and write. */
function escaped(text: string, form: Form): string {
  const safe = encodeURIComponent(text.toWellFormed()).replaceAll('%3A', ':');
  return form === 'choices' || form === 'exclusions' ? safe.replaceAll('%2C', ',') : safe;
}

function textsOf(key: Key, value: ExecutionFilter[Key]): string[] {
  if (value === undefined || value === '') return [];
  if (key === 'not') {
    const { status = [], tags = [] } = value as NonNullable<ExecutionFilter['not']>;
    return [...(status.length ? [status.join(',')] : []), ...tags.map((tag) => NOT_TAG + tag)];
  }
  if (!Array.isArray(value)) return [String(value)];
  return FORMS[key] === 'list' ? value : value.length ? [value.join(',')] : [];
}

/** A filter that was read from text, and what the text has beside it: unknown keys, and values that a key does not know. */
export interface ReadFilter {
  filter: ExecutionFilter;
  /** `colour`, `status=nonsense`; at most 20 of 100 characters each. */
  ignored: string[];
}

/**
 * Reads what `encodeFilter` wrote, and the shorter names `workflow`, `queue`, `type`, `user`, `tag` and `id`. Unknown keys and
 * values are dropped and named, so that a shared link never breaks a page, and the page can say what it left out.
 */
export function readFilter(text: string): ReadFilter {
  const texts = new Map<Key, string[]>();
  const ignored: string[] = [];
  for (const [name, value] of new URLSearchParams(text)) {
    const key = Object.hasOwn(ALIASES, name) ? ALIASES[name] : name;
    if (key === undefined || !Object.hasOwn(FORMS, key)) ignored.push(name);
    else texts.set(key as Key, [...(texts.get(key as Key) ?? []), value]);
  }
  const parts = [...texts].map(([key, values]) => {
    const { part, unknown } = READERS[FORMS[key]](values, CHOICES[key] ?? []);
    ignored.push(...unknown.map((value) => `${key}=${value}`));
    return [key, part] as const;
  });
  const filter = Object.fromEntries(parts.filter(([, part]) => part !== undefined)) as ExecutionFilter;
  return { filter, ignored: [...new Set(ignored)].slice(0, 20).map((one) => one.slice(0, 100)) };
}

/** `readFilter` without what it left out. */
export function decodeFilter(text: string): ExecutionFilter {
  return readFilter(text).filter;
}

type Reader = (values: string[], known: readonly string[]) => { part: unknown; unknown: string[] };
const NOTHING = { part: undefined, unknown: [] };

/** Of values that are given once, the last one counts. Empty ones count as not given. */
const READERS: Record<Form, Reader> = {
  word: (values) => ({ ...NOTHING, part: values.at(-1) || undefined }),
  list: (values) => ({ ...NOTHING, part: values }),
  number(values) {
    const value = values.at(-1);
    const isNumber = /^\d{1,16}$/.test(value ?? '') && Number.isSafeInteger(Number(value));
    return isNumber ? { ...NOTHING, part: Number(value) } : unless(value, NOTHING);
  },
  choice(values, known) {
    const value = values.at(-1);
    return known.includes(value ?? '') ? { ...NOTHING, part: value } : unless(value, NOTHING);
  },
  choices(values, known) {
    const { chosen, unknown } = choose(values, known);
    return { part: chosen.length ? chosen : undefined, unknown };
  },
  exclusions(values) {
    const tags = values.filter((value) => value.startsWith(NOT_TAG)).map((value) => value.slice(NOT_TAG.length));
    const others = values.filter((value) => !value.startsWith(NOT_TAG));
    const { chosen: status, unknown } = choose(others, EXECUTION_STATUSES);
    const part = { ...(status.length ? { status } : {}), ...(tags.length ? { tags } : {}) };
    return { part: Object.keys(part).length ? part : undefined, unknown };
  },
};

const unless = (value: string | undefined, nothing: typeof NOTHING) => ({
  ...nothing,
  unknown: value ? [value] : [],
});

function choose(values: string[], known: readonly string[]): { chosen: string[]; unknown: string[] } {
  const words = values.flatMap((value) => value.split(',')).filter(Boolean);
  return {
    chosen: words.filter((word) => known.includes(word)),
    unknown: words.filter((word) => !known.includes(word)),
  };
}
