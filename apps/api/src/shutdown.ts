/**
 * Calls `stop` once, at the first SIGTERM or SIGINT, and ends the process when it is done. A second signal ends it at once.
 */
export function onShutdown(stop: (signal: NodeJS.Signals) => Promise<void>): void {
  let stopping = false;
  const handle = async (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    await stop(signal);
    process.exit(0);
  };
  process.on('SIGTERM', handle);
  process.on('SIGINT', handle);
}
