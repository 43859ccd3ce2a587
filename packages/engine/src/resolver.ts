import type { EngineTarget, Outcome, ReadInput, Resolution } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import type { LoadedDataConverter } from '@temporalio/common';
import type { Chain } from './chain.ts';
import { createChainReader } from './chain.ts';
import { decide, decideFromDescribe } from './decide.ts';
import type { DescribedRun } from './described-run.ts';
import { closedStatus } from './described-run.ts';
import { describeEnding } from './outcome.ts';
import { decodeOutput } from './output.ts';
import { createQueuePollers } from './queue-pollers.ts';
import type { RecentHistories } from './recent-histories.ts';
import { createRecentHistories } from './recent-histories.ts';
import type { RunEnd } from './run-end.ts';
import type { RunRef } from './run-history.ts';
import { createRunHistory } from './run-history.ts';
import type { TemporalCalls } from './temporal-calls.ts';
import { readTroubles } from './troubles.ts';
import { readWedged } from './wedged.ts';

/** Longest chain that is followed forward; only ids that were used again are, everything else begins at its newest run. */
const LONGEST_WALK = 1_000;
/** How often a chain that goes on between two reads is looked at again. */
const LOOKS = 5;

export interface ResolverDeps {
  call: TemporalCalls;
  converter: LoadedDataConverter;
  /** Default: one of its own. */
  recent?: RecentHistories;
}

/**
 * Reads how an execution stands. Calls to Temporal, by case (fewer for what this process saw before):
 * open 1, open and seen for the first time 2, one more while it is wedged or an activity only fails, and one per task queue and
 * minute where something waits; closed 2 where the history is short (describe, the history, which serves the timeline too), else
 * 3 (describe, last event, first events), and one more where the end has an actor or a failed activity; 2 more for each earlier
 * run of its chain that was not read yet.
 */
export function createResolver({ call, converter, recent = createRecentHistories() }: ResolverDeps) {
  const history = createRunHistory(call, recent);
  const chains = createChainReader(history);
  const pollers = createQueuePollers(call);

  async function resolve(target: EngineTarget): Promise<Resolution> {
    let found = await find(target);
    for (let hop = 0, looks = 0; hop < LONGEST_WALK; hop += 1) {
      if ('kind' in found) return found;
      const { run, ref } = found;
      if (closedStatus(run.status)) await history.readWhole({ ...ref, runId: run.runId }, run);
      const end = decideFromDescribe(run) ? null : await history.end({ ...ref, runId: run.runId });
      const decision = decide(run, end);
      if (decision.kind === 'open') return open(target, ref, run);
      if (decision.kind === 'closed') return closed(target, ref, run, end);
      if (decision.kind === 'follow') {
        found = await findRun(ref, decision.runId);
        continue;
      }
      looks += 1;
      if (looks > LOOKS) break;
      found = await find(target);
    }
    throw new ExecutionError(
      'engine_unavailable',
      `Could not find the end of the chain of workflow ${target.temporalWorkflowId}; it is tried again.`,
    );
  }

  type Found = { run: DescribedRun; ref: RunRef } | Extract<Resolution, { kind: 'not_found' }>;

  /**
   * The newest run of the target's chain, or the run to walk on from when its workflow id was used again: the newest one
   * that the ledger knows, else the first. Who is first is what Temporal says, not what the caller said.
   */
  async function find(target: EngineTarget): Promise<Found> {
    const ref: RunRef = { namespace: target.namespace, temporalWorkflowId: target.temporalWorkflowId, runId: null };
    const current = await history.describe(ref);
    if (current && (!target.firstRunId || (await firstRunIdOf(ref, current)) === target.firstRunId)) {
      return { run: current, ref };
    }
    for (const runId of new Set([target.known?.runId, target.firstRunId])) {
      const run = runId ? await history.describe({ ...ref, runId }) : null;
      // A "first" run that is itself of the current chain: somebody recorded a later run as the first.
      if (run)
        return current && run.firstRunId && run.firstRunId === current.firstRunId
          ? { run: current, ref }
          : { run, ref };
    }
    const reason = current
      ? `Temporal no longer knows run ${target.known?.runId ?? target.firstRunId} of workflow ${target.temporalWorkflowId}`
      : `Temporal knows no workflow ${target.temporalWorkflowId} in ${target.namespace}`;
    return { kind: 'not_found', reason };
  }

  /** Older servers do not say it in describe; the first event always does. */
  async function firstRunIdOf(ref: RunRef, run: DescribedRun): Promise<string | null> {
    return run.firstRunId ?? (await history.start({ ...ref, runId: run.runId }))?.firstRunId ?? null;
  }

  async function findRun(ref: RunRef, runId: string): Promise<Found> {
    const run = await history.describe({ ...ref, runId });
    if (run) return { run, ref };
    const reason = `Temporal no longer knows run ${runId} of workflow ${ref.temporalWorkflowId}`;
    return { kind: 'not_found', reason };
  }

  async function open(target: EngineTarget, ref: RunRef, run: DescribedRun): Promise<Resolution> {
    const end = { status: 'running', closedAt: null, errorMessage: null } as const;
    const chain = await chains.read(ref, { newest: run, end, target });
    const at = { ...ref, runId: run.runId };
    const lastEvents = () => history.lastEvents(at);
    const wedged = await readWedged(run, converter, lastEvents);
    const troubles = await readTroubles(run, { namespace: target.namespace, converter, pollers, lastEvents });
    return {
      kind: 'open',
      open: {
        firstRunId: chain.firstRunId,
        runId: run.runId,
        engineStartedAt: chain.engineStartedAt,
        firstTaskAt: chain.firstTaskAt,
        cancelRequested: run.cancelRequested === true,
        cancelRequest: run.cancelRequested && !isKnownCancel(target, run) ? await history.cancelRequest(at) : null,
        engineStatus: run.status,
        wedged,
        ...(troubles.length > 0 ? { troubles } : {}),
        ...(await inputOf(target, ref, chain)),
        runs: chain.runs,
      },
    };
  }

  async function closed(target: EngineTarget, ref: RunRef, run: DescribedRun, end: RunEnd | null): Promise<Resolution> {
    const status = decide(run, end);
    if (status.kind !== 'closed') throw new TypeError(`run ${run.runId} is not closed`);
    const at = { ...ref, runId: run.runId };
    const start = await history.start(at);
    const ending = await describeEnding[status.status]({
      run,
      end,
      attempt: start?.attempt ?? 1,
      converter,
      lastEvents: () => history.lastEvents(at),
      cancelRequest: () => history.cancelRequest(at),
    });
    const closedAt = run.closedAt ?? end?.closedAt ?? new Date().toISOString();
    const last = { status: status.status, closedAt, errorMessage: ending.errorMessage };
    const chain = await chains.read(ref, { newest: run, end: last, target });
    const isNews = run.cancelRequested && status.status !== 'cancelled' && !isKnownCancel(target, run);
    const outcome: Outcome = {
      status: status.status,
      runId: run.runId,
      firstRunId: chain.firstRunId,
      closedAt,
      engineStartedAt: chain.engineStartedAt,
      firstTaskAt: chain.firstTaskAt,
      ...(run.cancelRequested === null ? {} : { cancelRequested: run.cancelRequested }),
      cancelRequest: isNews ? await history.cancelRequest(at) : null,
      ...ending,
      ...(await inputOf(target, ref, chain)),
      runs: chain.runs,
    };
    return { kind: 'closed', outcome };
  }

  /** The input of the first run, where the ledger wants it: once in an execution's life. */
  async function inputOf({ known }: EngineTarget, ref: RunRef, { firstRunId }: Chain): Promise<{ input?: ReadInput }> {
    if (known?.input !== false) return {};
    const payloads = await history.input({ ...ref, runId: firstRunId });
    if (payloads === null) return {};
    if (payloads === 'too_large') return { input: { value: null, note: 'too_large' } };
    const { output: value, outputNote: note } = await decodeOutput(converter, payloads);
    return { input: { value, note } };
  }

  return { resolve };
}

function isKnownCancel({ known, whole }: EngineTarget, run: DescribedRun): boolean {
  return !whole && known?.cancel === true && known.runId === run.runId;
}
