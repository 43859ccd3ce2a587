import type { Json } from '@runledger/contracts';

/**
 * Postgres stores neither NUL nor half a surrogate pair in text or jsonb; both become U+FFFD. One such character would
 * otherwise refuse the whole batch it is recorded with.
 */
export function storableText(text: string, limit: number): string {
  const clean = text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
  const cut = clean.length > limit ? `${clean.slice(0, limit - 1)}…` : clean;
  return cut.toWellFormed();
}

/** Deeper nesting than this overflows Postgres' stack when it parses the document. */
const DEPTH_LIMIT = 500;

export class TooDeep extends Error {}

/** The value with every unstorable character replaced, and whether there was one. @throws TooDeep */
export function storableJson(value: Json): { value: Json; replaced: boolean } {
  let replaced = false;
  const text = (raw: string): string => {
    if (!raw.includes('\0') && raw.isWellFormed()) return raw;
    replaced = true;
    return raw.replaceAll('\0', '\uFFFD').toWellFormed();
  };
  const walk = (node: Json, depth: number): Json => {
    if (depth > DEPTH_LIMIT) throw new TooDeep(`nested deeper than ${DEPTH_LIMIT}`);
    if (typeof node === 'string') return text(node);
    if (Array.isArray(node)) return node.map((item) => walk(item, depth + 1));
    if (node === null || typeof node !== 'object') return node;
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [text(key), walk(item, depth + 1)]));
  };
  return { value: walk(value, 0), replaced };
}
