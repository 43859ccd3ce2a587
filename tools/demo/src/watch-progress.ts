import pidusage from 'pidusage';

/** Looks in the time that may pass without progress. */
const LOOKS = 6;

/**
 * Watches whether a process gets on: it writes, or uses the processor. A busy machine makes that slow; a machine's clock alone
 * says nothing.
 */
export function watchProgress(pid: number, written: () => number, stuckAfterMs: number) {
  const stuck = Promise.withResolvers<'stuck'>();
  let last = { written: 0, cpuMs: 0 };
  let quietLooks = 0;

  const timer = setInterval(async () => {
    const usage = await pidusage(pid).catch(() => null);
    // It has ended, and somebody else says so.
    if (usage === null) return;
    const now = { written: written(), cpuMs: usage.ctime };
    quietLooks = now.written === last.written && now.cpuMs === last.cpuMs ? quietLooks + 1 : 0;
    last = now;
    if (quietLooks >= LOOKS) stuck.resolve('stuck');
  }, stuckAfterMs / LOOKS);
  timer.unref();
  return { promise: stuck.promise, stop: () => clearInterval(timer) };
}
