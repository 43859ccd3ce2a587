import { gcmsiv } from '@noble/ciphers/aes.js';
import { managedNonce, randomBytes } from '@noble/ciphers/utils.js';
import { base64urlnopad } from '@scure/base';

/** Changes are kept for an hour; a position that is nearly as old may have lost some already. Milliseconds. */
const KEPT_MS = 50 * 60_000;

/** Of what seals ids, in bytes (AES-256). */
const KEY_BYTES = 32;

/** The ids of events. */
export interface EventIds {
  /** The ledger's cursor that is told up to, and when that was (default: now), for nobody to read but who has the key. */
  idOf(cursor: string, at?: number): string;
  /** The cursor to go on from after an event; `null` where changes since may be gone, or no event had this id. */
  cursorOf(id: string, now?: number): string | null;
}

/**
 * Cursors are Postgres' ids of transactions: two of them say how much everybody wrote in between, so they are sealed
 * (AES-256-GCM-SIV, RFC 8452, under a random nonce).
 * @param key Of 32 bytes, the same in all processes that serve a ledger. Default: a random one, whose ids no other process knows.
 * @throws RangeError where it has another length
 */
export function createEventIds(key?: Uint8Array): EventIds {
  if (key && key.length !== KEY_BYTES)
    throw new RangeError(`eventKey: must have ${KEY_BYTES} bytes, has ${key.length}`);
  let made: ReturnType<ReturnType<typeof managedNonce<typeof gcmsiv>>> | undefined;
  // With the first event: where routers are made, some runtimes have no random numbers yet (Cloudflare Workers).
  const sealed = () => {
    made ??= managedNonce(gcmsiv)(key ?? randomBytes(KEY_BYTES));
    return made;
  };
  return {
    idOf(cursor, at = Date.now()) {
      const position = new DataView(new ArrayBuffer(16));
      position.setBigUint64(0, BigInt(cursor));
      position.setBigUint64(8, BigInt(at));
      return base64urlnopad.encode(sealed().encrypt(new Uint8Array(position.buffer)));
    },
    cursorOf(id, now = Date.now()) {
      const position = open(id);
      if (!position) return null;
      const age = now - Number(position.getBigUint64(8));
      return age <= KEPT_MS ? String(position.getBigUint64(0)) : null;
    },
  };

  function open(id: string): DataView | null {
    try {
      const { buffer, byteOffset, byteLength } = sealed().decrypt(base64urlnopad.decode(id));
      return new DataView(buffer, byteOffset, byteLength);
    } catch {
      // Nobody sealed it, or with another key.
      return null;
    }
  }
}

/** Whether one cursor is further on than another. */
export function isBeyond(cursor: string, other: string): boolean {
  return BigInt(cursor) > BigInt(other);
}
