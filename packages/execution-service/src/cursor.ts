import { createHash } from 'node:crypto';
import { ExecutionError } from '@runledger/contracts';
import { z } from 'zod';

/** Where a page ended: the sort value as Postgres printed it (microseconds and all) and the id. */
export interface Position {
  value: string;
  id: string;
}

const Encoded = z.tuple([
  z.string(),
  z.string().regex(/^\d{4,6}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([+-]\d{2}(:?\d{2})?|Z)$/),
  z.uuid(),
]);

/** Names a list, so that a cursor of another list is recognised. */
const fingerprint = (list: unknown) =>
  createHash('sha256').update(JSON.stringify(list)).digest('base64url').slice(0, 12);

export function encodeCursor(list: unknown, position: Position): string {
  return Buffer.from(JSON.stringify([fingerprint(list), position.value, position.id])).toString('base64url');
}

/** @throws ExecutionError `invalid_cursor` for anything that `encodeCursor` did not make for this list */
export function decodeCursor(list: unknown, cursor: string): Position {
  const position = parse(cursor);
  if (position?.list !== fingerprint(list)) {
    throw new ExecutionError(
      'invalid_cursor',
      'This cursor is not of this list. Pass nextCursor of the page before, with the same filter and order, or none.',
    );
  }
  return position;
}

function parse(cursor: string): (Position & { list: string }) | null {
  try {
    const [list, value, id] = Encoded.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return { list, value, id };
  } catch {
    return null;
  }
}
