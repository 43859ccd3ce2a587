import type { Engine, EngineTarget } from './engine.ts';
import { isExecutionError } from './errors.ts';

/** Whether Temporal knows an execution at this moment. */
export type EngineKnowledge =
  | { kind: 'unknown'; reason: string }
  /** `status` as Temporal has it. */
  | { kind: 'known'; status: string };

/** What ended this long before it was asked for is another execution under the same workflow id. Milliseconds. */
const EARLIER_MS = 60_000;

/**
 * Asks Temporal whether it knows an execution. A namespace that is gone knows nothing.
 * @throws ExecutionError `engine_unavailable`, `engine_throttled`; `engine_refused` for anything but an unknown namespace
 */
export async function askEngineKnowledge(
  engine: Pick<Engine, 'resolve' | 'hasNamespace'>,
  target: EngineTarget & { startedAt: string },
): Promise<EngineKnowledge> {
  const { namespace, temporalWorkflowId, firstRunId, startedAt } = target;
  try {
    const resolution = await engine.resolve({ namespace, temporalWorkflowId, firstRunId });
    if (resolution.kind === 'not_found') return { kind: 'unknown', reason: resolution.reason };
    if (resolution.kind === 'open') return { kind: 'known', status: resolution.open.engineStatus.toLowerCase() };
    const { status, closedAt } = resolution.outcome;
    if (firstRunId === null && Date.parse(closedAt) < Date.parse(startedAt) - EARLIER_MS) {
      return { kind: 'unknown', reason: 'Temporal knows only an earlier execution with this workflow id' };
    }
    return { kind: 'known', status };
  } catch (error) {
    if (!isExecutionError(error) || error.code !== 'engine_refused' || (await engine.hasNamespace(namespace))) {
      throw error;
    }
    return { kind: 'unknown', reason: `Temporal has no namespace ${namespace}` };
  }
}
