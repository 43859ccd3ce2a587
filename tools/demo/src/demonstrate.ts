import { setTimeout as pause } from 'node:timers/promises';
import { colors } from './colors.ts';
import { createTerminalView } from './terminal-view.ts';
import type { TrafficOptions } from './traffic.ts';
import { runTraffic } from './traffic.ts';

/** How long the last calls may take when everything ends. */
const LAST_CALLS_MS = 2_000;

/** Users at work, and each end as a line of text, until `ending`; then what was seen in sum. */
export async function demonstrate(
  { complain, ...options }: Omit<TrafficOptions, 'onStart' | 'onError'> & { complain(error: unknown): void },
  ending: AbortSignal,
): Promise<void> {
  const view = createTerminalView({ print: (line) => console.log(line), onError: complain });
  const following = view.run(ending);
  const traffic = runTraffic({ ...options, onStart: view.add, onError: complain }, ending).catch((error) => {
    if (!ending.aborted) complain(error);
  });
  await new Promise<void>((resolve) => {
    if (ending.aborted) resolve();
    ending.addEventListener('abort', () => resolve());
  });
  await Promise.race([Promise.all([following, traffic]), pause(LAST_CALLS_MS, undefined, { ref: false })]);
  const summary = view.summary();
  if (summary) console.log(colors.dim(`\n${summary}`));
}
