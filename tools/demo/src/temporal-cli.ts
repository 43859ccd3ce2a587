/**
 * The process that finds, or fetches, the Temporal CLI. One of its own because a fetch takes minutes on a slow line and
 * cannot be stopped from inside: this process takes its whole group with it.
 */
import { findTemporalBinary } from '@runledger/local-stack/temporal-binary';

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.kill(0, 'SIGKILL'));

try {
  const path = await findTemporalBinary({ log: (line) => console.log(line) });
  console.log(JSON.stringify({ msg: 'ready', path }));
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
