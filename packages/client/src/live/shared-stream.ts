import type { RunledgerClient } from '../client.ts';
import type { LinkOptions } from '../links/links.ts';
import { shareBetweenTabs } from './share-between-tabs.ts';
import type { StreamSource, Whose } from './stream-source.ts';
import { createStreamSource } from './stream-source.ts';
import { userOfToken } from './user-of-token.ts';

/** The caller's stream: one for all tabs of a browser that can share it, else one of this page's own. */
export function createSharedStream(
  client: RunledgerClient,
  { url, getToken, of = 'caller' }: LinkOptions & { of?: Whose },
): StreamSource {
  const source = createStreamSource(client, of);
  const canShare = 'document' in globalThis && 'BroadcastChannel' in globalThis && globalThis.navigator?.locks;
  if (!canShare) return source;
  return shareBetweenTabs(source, async () => {
    const user = userOfToken(await getToken());
    const page = (globalThis as { location?: { href: string } }).location;
    return user === null
      ? null
      : `runledger ${new URL(url, page?.href).href} ${user}${of === 'caller' ? '' : ` ${of}`}`;
  });
}
