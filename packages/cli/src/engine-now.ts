import type { ExecutionStory, Resolution, Timeline } from '@runledger/contracts';
import { isExecutionError, isTerminal } from '@runledger/contracts';
import type { Comparison } from '@runledger/monitor/reconcile-once';
import { compare, engineTarget } from '@runledger/monitor/reconcile-once';
import type { ExitCode } from './exit-code.ts';
import { EXIT, EXIT_OF } from './exit-code.ts';
import type { CommandContext } from './run-command.ts';

/** What Temporal says of it at this moment. */
export interface EngineNow {
  comparison: Comparison | null;
  /** As Temporal names it; `null` where it does not know it, or could not be asked. */
  status: string | null;
  /** Why Temporal could not be asked. */
  error: string | null;
}

/** What a person should look at, or repair. */
const FINDINGS: ReadonlySet<Comparison['kind']> = new Set(['differs', 'registered_late', 'unknown']);

/** Asks Temporal about an execution, and compares. `engine` is `null` for one that no engine runs. */
export async function askEngine(
  { connections }: CommandContext,
  { followed }: ExecutionStory,
): Promise<{ engine: EngineNow | null; exit: ExitCode }> {
  if (!followed) return { engine: null, exit: EXIT.fine };
  try {
    const resolution = await connections.engine.resolve({ ...engineTarget(followed), whole: true });
    const comparison = compare(followed, resolution);
    // What an open execution lacks, its next check brings.
    const isFinding = FINDINGS.has(comparison.kind) || (comparison.kind === 'lacks' && followed.authority === 'engine');
    const exit = isFinding ? EXIT.finding : EXIT.fine;
    return { engine: { comparison, status: statusOf(resolution), error: null }, exit };
  } catch (error) {
    if (!isExecutionError(error)) throw error;
    return { engine: { comparison: null, status: null, error: error.message }, exit: EXIT_OF[error.code] };
  }
}

/** What an open execution has done so far, of its current run; `null` for others, and where Temporal does not tell. */
export async function readStepsNow(
  { connections }: CommandContext,
  { execution }: Pick<ExecutionStory, 'execution'>,
): Promise<Timeline | null> {
  const { temporalNamespace: namespace, temporalWorkflowId, currentRunId, status } = execution;
  if (isTerminal(status) || !namespace || !temporalWorkflowId || !currentRunId) return null;
  try {
    const read = await connections.engine.readTimeline({ namespace, temporalWorkflowId, runIds: [currentRunId] });
    return read.state === 'missing' ? null : { ...read, state: 'live', readAt: new Date().toISOString() };
  } catch (error) {
    if (!isExecutionError(error)) throw error;
    return null;
  }
}

function statusOf(resolution: Resolution): string | null {
  switch (resolution.kind) {
    case 'closed':
      return resolution.outcome.status;
    case 'open':
      return resolution.open.engineStatus.toLowerCase();
    case 'not_found':
      return null;
  }
}
