import type { ExecutionOrder } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { base64urlnopad } from '@scure/base';
import { z } from 'zod';
import { fromBase64Url, sha256Of, toBase64Url } from './encoding.ts';

/** Where a page ended: the sort value as Postgres printed it (microseconds and all) and the id. */
export interface Position {
  value: string;
  id: string;
}

/** Changes with what a cursor means, so that one of an older release is refused instead of misread. */
const VERSION = 2;

const Encoded = z.tuple([z.literal(VERSION), z.string(), z.string(), z.uuid()]);
const INSTANT = /^\d{4,6}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([+-]\d{2}(:?\d{2})?|Z)$/;
const DURATION = /^\d{1,19}$/;

/** What a cursor belongs to: whatever it names, it is of this order. */
interface CursorList {
  orderBy: ExecutionOrder;
}

/** Names a list and a position in it. */
const fingerprint = (list: CursorList, { value, id }: Position) =>
  base64urlnopad.encode(sha256Of(JSON.stringify([VERSION, list, value, id]))).slice(0, 12);

/**
 * A position in a list, opaque to whoever carries it. It is bound to the list (scope, filter, order) and checked when it
 * comes back, but not signed: it carries no authority. The scope is in every query, so a forged cursor only moves its
 * maker within what they may see anyway.
 */
export function encodeCursor(list: CursorList, position: Position): string {
  const { value, id } = position;
  return toBase64Url(JSON.stringify([VERSION, fingerprint(list, position), value, id]));
}

/** @throws ExecutionError `invalid_cursor` for anything that `encodeCursor` did not make for this list */
export function decodeCursor(list: CursorList, cursor: string): Position {
  const position = parse(cursor);
  const form = list.orderBy === 'duration' ? DURATION : INSTANT;
  // Anybody can make one that is of this list: what comes back has to be what the column may have.
  if (position === null || !form.test(position.value) || encodeCursor(list, position) !== cursor) {
    throw new ExecutionError(
      'invalid_cursor',
      'This cursor is not of this list. Pass nextCursor of the page before, with the same filter and order, or none.',
    );
  }
  return position;
}

function parse(cursor: string): Position | null {
  try {
    const [, , value, id] = Encoded.parse(JSON.parse(fromBase64Url(cursor)));
    return { value, id };
  } catch {
    return null;
  }
}
