import { exactNumber, isDouble, numericLength } from './exact-number.ts';
import { STORABLE_DEPTH } from './facts/limits.ts';
import type { Json } from './json.ts';
import { eachJsonToken } from './json-tokens.ts';
import type { OutputNote } from './output-notes.ts';

/** What was changed in a payload so that it could be kept. */
export type ChangeNote = Extract<OutputNote, 'characters_replaced' | 'numbers_as_text' | 'numbers_beyond_double'>;

/** Why a payload was not kept. */
export type RefusalNote = Extract<OutputNote, 'not_json' | 'too_large' | 'too_deep'>;

export type Storable =
  /** `value` holds exact numbers (see `exactly`) where a double would round. */
  { kind: 'kept'; value: Json; notes: ChangeNote[] } | { kind: 'left_out'; why: RefusalNote };

/**
 * A text as Postgres stores it, at most `limit` characters long: without NUL and halves of surrogate pairs, which become
 * U+FFFD. One such character would refuse the whole batch it is recorded with.
 */
export function storableText(text: string, limit = Number.POSITIVE_INFINITY): string {
  const clean = text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
  const cut = clean.length > limit ? `${withoutHalf(clean.slice(0, limit - 1))}…` : clean;
  return cut.toWellFormed();
}

/** The text without the first half of a character that was cut in two. */
function withoutHalf(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}

/**
 * What Postgres can keep of a JSON text, as exactly as the text says it. Never throws.
 *
 * @param limit Most bytes of UTF-8, counted as Postgres prints it: `1e400` has 401 digits there.
 */
export function storableJson(text: string, limit: number): Storable {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (source.length > limit) return { kind: 'left_out', why: 'too_large' };
  const notes = new Set<ChangeNote>();
  if (!source.isWellFormed()) notes.add('characters_replaced');
  try {
    const rewritten = rewrite(source.toWellFormed(), notes);
    if (rewritten === null) return { kind: 'left_out', why: 'too_deep' };
    if (bytesOf(rewritten.text) + rewritten.printedMore > limit) return { kind: 'left_out', why: 'too_large' };
    const value = JSON.parse(rewritten.text, notes.has('numbers_beyond_double') ? revive : undefined) as Json;
    return { kind: 'kept', value, notes: [...notes].sort() };
  } catch {
    return { kind: 'left_out', why: 'not_json' };
  }
}

/**
 * What Postgres can keep of a JavaScript value, as `JSON.stringify` writes it; a BigInt is a number. Never throws.
 *
 * @param limit Most bytes of UTF-8.
 */
export function storableValue(value: unknown, limit: number): Storable {
  let replaced = false;
  const write = (_: string, node: unknown): unknown => {
    if (typeof node !== 'bigint' && (typeof node !== 'number' || Number.isFinite(node))) return node;
    const { rawJSON } = JSON as { rawJSON?: (text: string) => unknown };
    if (typeof node === 'bigint' && rawJSON) return rawJSON(String(node));
    replaced = true;
    return String(node);
  };
  try {
    const text = JSON.stringify(value, write);
    if (text === undefined) return { kind: 'left_out', why: 'not_json' };
    const storable = storableJson(text, limit);
    if (!replaced || storable.kind !== 'kept') return storable;
    return { ...storable, notes: [...new Set<ChangeNote>([...storable.notes, 'numbers_as_text'])].sort() };
  } catch (error) {
    return { kind: 'left_out', why: error instanceof RangeError ? 'too_deep' : 'not_json' };
  }
}

/** A key that no JSON text has left once its NULs are replaced: it marks numbers that are to stay exact. */
const EXACT = '\0exact';

interface Rewritten {
  text: string;
  /** Characters by which Postgres prints more than `text` has. */
  printedMore: number;
}

/** The JSON text with everything replaced that cannot be stored; `null` when it is nested too deeply. */
function rewrite(text: string, notes: Set<ChangeNote>): Rewritten | null {
  const parts: string[] = [];
  let copied = 0;
  let depth = 0;
  let printedMore = 0;
  eachJsonToken(text, (kind, start, end) => {
    if (kind === 'open' || kind === 'close') {
      depth += kind === 'open' ? 1 : -1;
      return depth <= STORABLE_DEPTH;
    }
    const token = text.slice(start, end);
    const instead = replacementOf(kind, token, notes);
    if (instead === null) return;
    // What marks an exact number is not part of it.
    if (instead.startsWith('{')) printedMore += (numericLength(token) ?? 0) - instead.length;
    parts.push(text.slice(copied, start), instead);
    copied = end;
  });
  if (depth > STORABLE_DEPTH) return null;
  return { text: copied === 0 ? text : parts.join('') + text.slice(copied), printedMore };
}

function replacementOf(kind: 'string' | 'number' | 'word', token: string, notes: Set<ChangeNote>): string | null {
  switch (kind) {
    case 'string': {
      if (!token.includes('\\u')) return null;
      const said = JSON.parse(token) as string;
      const clean = storableText(said);
      if (clean === said) return null;
      notes.add('characters_replaced');
      return JSON.stringify(clean);
    }
    case 'number':
      if (isDouble(token)) return null;
      if (numericLength(token) === null) return asText(token, notes);
      notes.add('numbers_beyond_double');
      return JSON.stringify({ [EXACT]: token });
    case 'word':
      // As Python writes them.
      return /^(NaN|-?Infinity)$/.test(token) ? asText(token, notes) : null;
  }
}

function asText(token: string, notes: Set<ChangeNote>): string {
  notes.add('numbers_as_text');
  return JSON.stringify(token);
}

function revive(_: string, node: unknown): unknown {
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, EXACT)) return node;
  return exactNumber((node as { [EXACT]: string })[EXACT]);
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}
