import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

/**
 * Who sent a request: the address that connected, or behind proxies the one that the outermost of `proxyHops` saw. `null`
 * where there is no connection, because a host hands the request over.
 */
export function addressOf(c: Context, proxyHops: number): string | null {
  const forwarded = (c.req.header('x-forwarded-for') ?? '').split(',').map((address) => address.trim());
  // Each proxy adds at the end whom it saw; what stands before, the sender may have made up.
  const seen = proxyHops > 0 ? forwarded.at(-proxyHops) : undefined;
  if (seen) return seen;
  // Asked for one that is not there, it throws, which takes longer than all else that is done to refuse a call.
  const { incoming } = c.env?.server ?? c.env ?? {};
  return incoming ? (getConnInfo(c).remote.address ?? null) : null;
}
