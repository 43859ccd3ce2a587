import { setTimeout as pause } from 'node:timers/promises';
import type { StatusLine } from '@runledger/host/status-line';
import type { CatalogEntry } from './catalog.ts';
import { colors } from './colors.ts';
import type { Keys } from './keys.ts';
import type { SignedIn } from './sign-in.ts';
import { createTerminalView } from './terminal-view.ts';
import type { StartedExecution, TrafficOptions } from './traffic.ts';
import { runTraffic } from './traffic.ts';

/** How long the last calls may take when everything ends. */
const LAST_CALLS_MS = 2_000;

interface Demonstration extends Omit<TrafficOptions, 'onStart' | 'onError'> {
  complain(error: unknown): void;
  keys: Keys;
  /** Stays below what is printed. */
  line: StatusLine;
}

/** Users at work, and each end as a line of text, until `ending`; then what was seen in sum. */
export async function demonstrate(
  { complain, keys, line, ...options }: Demonstration,
  ending: AbortSignal,
): Promise<void> {
  const view = createTerminalView({ print: (text) => line.above(() => console.log(text)), onError: complain });
  const following = view.run(ending);
  keys.on('f', () => void failOne(options).then(view.add, complain));
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

/** A credit that is always declined: what a failure looks like, and where one sees it. */
async function failOne({ users, catalog }: Pick<TrafficOptions, 'users' | 'catalog'>): Promise<StartedExecution> {
  const { workflow } = catalog.find(({ workflow: { workflowType } }) => workflowType === 'creditCheck') as CatalogEntry;
  const user = users[0] as SignedIn;
  const input = { applicant: 'Alan', amount: 250_000 };
  const { id } = await user.client.execution.createExecution.mutate({ workflowId: workflow.id, input });
  return { id, user, workflowName: workflow.name };
}
