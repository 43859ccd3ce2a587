import { formatDuration } from '@runledger/contracts/format-duration';
import type { TerminalStatus } from '@runledger/contracts/status';
import { cut, plainLines } from '@runledger/host/text';
import { colors } from './colors.ts';

const look: Record<TerminalStatus, { mark: string; paint: (text: string) => string }> = {
  completed: { mark: '✓', paint: colors.green },
  failed: { mark: '✗', paint: colors.red },
  cancelled: { mark: '⊘', paint: colors.yellow },
  timed_out: { mark: '◷', paint: colors.magenta },
  terminated: { mark: '■', paint: colors.magenta },
};

const NAME = 18;
/** Enough to find it by: `runledger explain` takes the end of a new one’s id. */
const END_OF_ID = 4;
const REASON_LINES = 3;
/** Of a reason where there is no terminal. */
const WIDTH = 120;
/** A reason stands below the name of the end: after the time and the mark. */
const INDENT = ' '.repeat(11);

export interface EndedExecution {
  id: string;
  status: string;
  completedAt: string;
  recordedAt: string;
  durationMs: number | null;
  errorMessage: string | null;
}

function reasonLines(message: string, columns: number): string[] {
  const lines = plainLines(message);
  const shown = lines.slice(0, REASON_LINES);
  if (lines.length > shown.length) shown[REASON_LINES - 1] += ' …';
  return shown.map((line) => `${INDENT}${colors.dim(cut(line, columns - INDENT.length))}`);
}

/** How one looks closer: typed as it stands, in the folder of the project. */
const closer = (id: string) => `${INDENT}${colors.dim(`npm run runledger -- explain ${id}`)}`;

/**
 * An end in one line: when, how, what, how long it ran, how long after Temporal's close time the ledger knew, the end of its id, whose. Below
 * it the reason, if there is one, in at most three lines.
 * @param options.columns Where a reason is cut. @param options.withCommand Adds the command that tells more of it.
 */
export function endLine(
  of: { workflow: string; user: string },
  ended: EndedExecution,
  { columns = WIDTH, withCommand = false }: { columns?: number | undefined; withCommand?: boolean } = {},
): string {
  const { mark, paint } = look[ended.status as TerminalStatus] ?? { mark: '?', paint: colors.dim };
  const lag = Math.max(0, Date.parse(ended.recordedAt) - Date.parse(ended.completedAt));
  const line = [
    colors.dim(new Date(ended.recordedAt).toTimeString().slice(0, 8)),
    paint(`${mark} ${ended.status.replace('_', ' ').padEnd(10)}`),
    cut(of.workflow, NAME).padEnd(NAME),
    (ended.durationMs === null ? '' : formatDuration(ended.durationMs)).padStart(7),
    colors.dim('recorded in'),
    formatDuration(lag).padStart(7),
    `…${ended.id.slice(-END_OF_ID)}`,
    colors.dim(cut(of.user, 11)),
  ].join(' ');
  const reason = ended.errorMessage ? reasonLines(ended.errorMessage, columns) : [];
  return [line, ...reason, ...(withCommand ? [closer(ended.id)] : [])].join('\n');
}
