/** Whatever a browser has to do, in milliseconds. */
const AT_THE_LATEST_MS = 500;
/** Where a browser does not tell: enough to paint what has come, in milliseconds. */
const USUALLY_MS = 200;

/** What browsers have (Safari's does not), and programs without a page do not. */
interface Browser {
  requestIdleCallback?: (whenIdle: () => void, options: { timeout: number }) => void;
}

/** Waits until a browser has nothing else to do: until it has painted what it was given. */
export function untilIdle(): Promise<void> {
  const { requestIdleCallback } = globalThis as Browser;
  return new Promise((resolve) => {
    if (requestIdleCallback) requestIdleCallback(resolve, { timeout: AT_THE_LATEST_MS });
    else setTimeout(resolve, USUALLY_MS);
  });
}
