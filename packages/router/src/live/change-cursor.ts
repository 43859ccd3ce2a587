/** Changes are kept for an hour; a position that is nearly as old may have lost some already. Milliseconds. */
const KEPT_MS = 50 * 60_000;

/** Cursors are Postgres' ids of transactions, of 64 bits. */
const LAST_CURSOR = 2n ** 64n - 1n;

/** The id of an event: the ledger's cursor that is told up to, and when that was. Opaque to clients. */
export function eventId(cursor: string, at = Date.now()): string {
  return `${cursor}-${at.toString(36)}`;
}

/** The cursor to go on from after an event; `null` where changes since may be gone, or no event had this id. */
export function cursorOf(id: string, now = Date.now()): string | null {
  const [, cursor = '', at = ''] = /^(\d{1,20})-([0-9a-z]{1,9})$/.exec(id) ?? [];
  const age = now - Number.parseInt(at, 36);
  return cursor && BigInt(cursor) <= LAST_CURSOR && age <= KEPT_MS ? cursor : null;
}

/** Whether one cursor is further on than another. */
export function isBeyond(cursor: string, other: string): boolean {
  return BigInt(cursor) > BigInt(other);
}
