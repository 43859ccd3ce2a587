import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** Most of what is wrong that one sentence says, and of what is taken in its place. */
const MOST = 5;
const MOST_VALUES = 20;

/** What is wrong with a value, for a person: `text: must have at least 3 characters; limit: must be at most 200.` */
export function issuesSentence({ issues }: { issues: readonly Issue[] }): string {
  const told = issues.slice(0, MOST).map((issue) => {
    const path = issue.path.map(String).join('.');
    return path === '' ? issueWords(issue) : `${path}: ${issueWords(issue)}`;
  });
  const more = issues.length - told.length;
  const text = [...told, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** One thing that is wrong, in words that go on after a path. What a schema says in its own words stays. */
export function issueWords(issue: Issue): string {
  return isOwnMessage(issue) ? issue.message : (wordsOf(issue) ?? lowerFirst(issue.message));
}

/** Zod's own messages begin so. */
const isOwnMessage = ({ message }: Issue) => !/^(Too (small|big)|Invalid|Unrecognized)\b/.test(message);

function wordsOf(issue: Issue): string | null {
  switch (issue.code) {
    case 'too_small':
      return bound(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum);
    case 'too_big':
      return bound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum);
    case 'invalid_type':
      return issue.message.endsWith('undefined') ? 'is missing' : `must be ${withArticle(issue.expected)}`;
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${issue.values.map(String).join()}`
        : `must be one of ${issue.values.slice(0, MOST_VALUES).map(String).join(', ')}`;
    case 'invalid_format':
      if (issue.format === 'regex') return `must match ${issue.pattern}`;
      return IN_ZODS_WORDS.includes(issue.format) ? null : `must be ${withArticle(issue.format)}`;
    case 'unrecognized_keys':
      return `has keys that are not known: ${issue.keys.slice(0, MOST_VALUES).join(', ')}`;
    case 'invalid_union':
      return 'has none of the forms that are taken';
    default:
      return null;
  }
}

function bound(origin: string, than: string, count: number | bigint): string {
  const many = (what: string) => `must have ${than} ${count} ${what}${Number(count) === 1 ? '' : 's'}`;
  if (origin === 'string') return many('character');
  return origin === 'array' || origin === 'set' ? many('item') : `must be ${than} ${count}`;
}

/** Formats whose names say nothing without what is looked for. */
const IN_ZODS_WORDS: readonly string[] = ['starts_with', 'ends_with', 'includes', 'lowercase', 'uppercase'];

const NAMES: Record<string, string> = { int: 'whole number', record: 'object', uuid: 'uuid', nan: 'number' };

function withArticle(expected: string): string {
  if (['null', 'undefined', 'never'].includes(expected)) return expected;
  const name = NAMES[expected] ?? expected;
  return `${/^[aeio]/.test(name) ? 'an' : 'a'} ${name}`;
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
