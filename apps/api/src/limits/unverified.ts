import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { createMemoryStore } from './rate-store.ts';
import { createLimit } from './user-limits.ts';

/** Tokens that are known to be good; as many as callers are kept. */
const KNOWN = 5_000;
/**
 * Buckets in which addresses are counted, so that memory stays at 30 MB however many addresses there are. Addresses in the
 * same bucket share its limit.
 */
const BUCKETS = 65_536;
const MINUTE_MS = 60_000;

/** Bounds what is spent on requests before anybody is known to have sent them. */
export interface UnverifiedLimit {
  /**
   * Takes `calls` from the limit of the address unless the token is known.
   * @throws ExecutionError `rate_limited`
   */
  admit(authorization: string | undefined, address: string | null, calls: number): Promise<void>;
  /** Says how the token of a request that was let through was found. */
  learn(authorization: string | undefined, isGood: boolean): void;
}

/** In the memory of this process, whatever store the limits of users have: nothing is asked of another for a forged token. */
export function createUnverifiedLimit(perMinute: number | null): UnverifiedLimit {
  const known = new LRUCache<string, true>({ max: KNOWN });
  const limit = createLimit(createMemoryStore(), 'unverified', { most: perMinute, windowMs: MINUTE_MS, unit: 1 });
  return {
    async admit(authorization, address, calls) {
      if (address === null || (authorization !== undefined && known.has(authorization))) return;
      await limit(bucketOf(networkOf(address)), calls);
    },
    learn(authorization, isGood) {
      if (authorization === undefined) return;
      if (isGood) known.set(authorization, true);
      else known.delete(authorization);
    },
  };
}

/** The part of an address that one customer has: an IPv6 network of 64 bits, an IPv4 address. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = (address.split('%')[0] as string).split('::');
  const [first, last] = [head.split(':').filter(Boolean), tail?.split(':').filter(Boolean) ?? []];
  const zeros = tail === undefined ? 0 : Math.max(8 - first.length - last.length, 0);
  const groups = [...first, ...Array.from({ length: zeros }, () => '0'), ...last];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

function bucketOf(network: string): string {
  return String(createHash('sha256').update(network).digest().readUInt32BE() % BUCKETS);
}
