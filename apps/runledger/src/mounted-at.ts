import type { Runledger, RunledgerOptions } from '@runledger/api';
import { createRunledger } from '@runledger/api';

/**
 * The whole API under a path of an application: `mountedAt('/api/runledger')` answers `/api/runledger/trpc/…` and so on, as a
 * route of Next or Hono takes it. The environment is read with the first request, so that a build needs none.
 */
export function mountedAt(path: string, options: RunledgerOptions = {}): (request: Request) => Promise<Response> {
  let runledger: Runledger | undefined;
  return async (request) => {
    if (!runledger) {
      runledger = createRunledger(options);
      void runledger.warnOfSetUp();
    }
    const url = new URL(request.url);
    if (url.pathname.startsWith(path)) url.pathname = url.pathname.slice(path.length) || '/';
    return runledger.fetch(new Request(url, request));
  };
}
