import { setTimeout as pause } from 'node:timers/promises';
import { isTerminal } from '@runledger/contracts/status';
import pc from 'picocolors';
import type { StartedExecution } from './traffic.ts';

/** Looked at in one request per user. */
const PER_LOOK = 20;

const look: Record<string, { mark: string; paint: (text: string) => string }> = {
  completed: { mark: '✓', paint: pc.green },
  failed: { mark: '✗', paint: pc.red },
  cancelled: { mark: '⊘', paint: pc.yellow },
  timed_out: { mark: '◷', paint: pc.magenta },
  terminated: { mark: '■', paint: pc.magenta },
};

const ms = (from: string, to: string) => Math.max(0, Date.parse(to) - Date.parse(from));
const human = (value: number) => (value < 1_000 ? `${value} ms` : `${(value / 1_000).toFixed(1)} s`);

export interface EndedExecution {
  status: string;
  completedAt: string;
  recordedAt: string;
  durationMs: number;
  errorMessage: string | null;
}

/** One line per end: when, how, what, how long it ran, how long after Temporal's close time the ledger knew, whose. */
export function endLine(
  started: Pick<StartedExecution, 'workflowName'> & { user: { name: string } },
  ended: EndedExecution,
): string {
  const { mark, paint } = look[ended.status] ?? { mark: '?', paint: pc.dim };
  const time = new Date(ended.recordedAt).toTimeString().slice(0, 8);
  const why = ended.errorMessage ? `\n${' '.repeat(11)}${pc.dim(ended.errorMessage.slice(0, 100))}` : '';
  return [
    pc.dim(time),
    paint(`${mark} ${ended.status.replace('_', ' ').padEnd(10)}`),
    started.workflowName.padEnd(18),
    human(ended.durationMs).padStart(7),
    pc.dim('ledger knew'),
    `${human(ms(ended.completedAt, ended.recordedAt))} after`.padStart(12),
    pc.dim(started.user.name),
    why,
  ].join(' ');
}

/** Follows what the traffic started, through the API, and prints each end. */
export function createTerminalView(print: (line: string) => void, onError: (error: unknown) => void) {
  const open = new Set<StartedExecution>();
  const lags: number[] = [];

  async function lookAt(started: StartedExecution): Promise<void> {
    const execution = await started.user.client.execution.getExecution.query({ id: started.id });
    if (!isTerminal(execution.status) || execution.completedAt === null || execution.recordedAt === null) return;
    open.delete(started);
    if (lags.push(ms(execution.completedAt, execution.recordedAt)) > 1_000) lags.shift();
    print(endLine(started, execution as EndedExecution));
  }

  return {
    add(started: StartedExecution) {
      open.add(started);
    },
    /** Median and worst lag of the last thousand ends, in milliseconds. */
    summary() {
      const sorted = lags.toSorted((a, b) => a - b);
      return {
        ended: sorted.length,
        open: open.size,
        p50: sorted[Math.floor(sorted.length / 2)] ?? null,
        worst: sorted.at(-1) ?? null,
      };
    },
    async run(signal: AbortSignal): Promise<void> {
      while (!signal.aborted) {
        await Promise.all(
          [...open]
            .slice(0, PER_LOOK)
            .map((started) => lookAt(started).catch((error) => signal.aborted || onError(error))),
        );
        // Those that were looked at go to the end of the queue.
        for (const started of [...open].slice(0, PER_LOOK)) {
          open.delete(started);
          open.add(started);
        }
        await pause(500, undefined, { signal }).catch(() => {});
      }
    },
  };
}
