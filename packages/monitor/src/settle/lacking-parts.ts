import type { ExecutionPart, OpenRun, Outcome, UnsettledExecution } from '@runledger/contracts';

/** Pure: the parts of an execution that Temporal tells and its row lacks. */
export function lackingParts(
  row: UnsettledExecution,
  read: Pick<OpenRun | Outcome, 'runs' | 'engineStartedAt' | 'firstTaskAt' | 'cancelRequest'>,
): ExecutionPart[] {
  const lacks: Record<ExecutionPart, boolean> = {
    runs: (read.runs.at(-1)?.runNumber ?? 1) > row.runCount,
    'engine start': row.engineStartedAt === null && read.engineStartedAt !== null,
    'first task': row.firstTaskAt === null && read.firstTaskAt !== null,
    'cancel request': row.cancelRequestedAt === null && (read.cancelRequest ?? null) !== null,
  };
  return (Object.keys(lacks) as ExecutionPart[]).filter((part) => lacks[part]);
}
