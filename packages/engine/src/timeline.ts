import type { Engine, ReadTimeline } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import type { LoadedDataConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import { isMessageTooLarge, toExecutionError } from './grpc-error.ts';
import { nullIfUnknown } from './null-if-unknown.ts';
import { addPending } from './pending-activities.ts';
import { readFailure } from './read-failure.ts';
import type { RecentHistories } from './recent-histories.ts';
import { readRunEnd } from './run-end.ts';
import type { RunSteps } from './run-steps.ts';
import { createRunSteps } from './run-steps.ts';
import { shrinkingPage } from './shrinking-page.ts';
import { boundedStepFailure } from './step-failure.ts';
import type { TemporalCalls } from './temporal-calls.ts';
import type { TimelineBounds } from './timeline-bounds.ts';
import { createTimelineBounds, omittedCount } from './timeline-bounds.ts';
import type { ReadStepFailure } from './timeline-events.ts';
import { createEventReader } from './timeline-events.ts';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;
type Chain = Parameters<Engine['readTimeline']>[0];

/** Events of one page. A whole history has at most 51,200 events and 50 MB, so it takes at most some hundred calls. */
const PAGE_EVENTS = 500;

export interface TimelineDeps {
  call: TemporalCalls;
  converter: LoadedDataConverter;
  /** Histories that need no call. */
  recent?: RecentHistories;
}

/**
 * Condenses the histories of a chain's runs into steps, oldest first: a call per 500 events, fewer where they are large,
 * and one more for a run with activities that are not over, or whose code fails. What is under way when its run ends is `abandoned` then.
 *
 * `cut` when the bounds left steps out, when Temporal no longer has some of the runs, and when an event is larger than one
 * message may be: what was not read is then
 * in neither `steps` nor `omitted`. A run that began by a reset counts from its reset point on, where the run that was reset
 * is in the chain. Local activities and signals sent to others are no steps.
 */
export async function readTimeline({ call, converter, recent }: TimelineDeps, chain: Chain): Promise<ReadTimeline> {
  const bounds = createTimelineBounds();
  const runIds = new Set(chain.runIds);
  let activitiesExecuted = 0;
  const readStepFailure: ReadStepFailure = async (failure) => boundedStepFailure(await readFailure(converter, failure));
  const reading: RunReading = { call, recent, chain, bounds, readStepFailure, read: new Set(), cutShort: new Set() };
  try {
    for (const runId of runIds) {
      const steps = await readRun(reading, runId);
      if (!steps) continue;
      reading.read.add(runId);
      activitiesExecuted += steps.activities();
    }
  } catch (error) {
    throw toExecutionError(error, `read the history of workflow ${chain.temporalWorkflowId}`);
  }
  const { steps, omitted } = bounds.finish();
  const { read, cutShort } = reading;
  const isWhole = read.size === runIds.size && cutShort.size === 0 && omittedCount(omitted) === 0;
  return { steps, omitted, activitiesExecuted, state: read.size === 0 ? 'missing' : isWhole ? 'complete' : 'cut' };
}

interface RunReading {
  call: TemporalCalls;
  recent: RecentHistories | undefined;
  chain: Chain;
  bounds: TimelineBounds;
  readStepFailure: ReadStepFailure;
  /** The runs that were read before. */
  read: Set<string>;
  /** Runs with an event that was too large, and with it the rest of their history. */
  cutShort: Set<string>;
}

/** `null` when Temporal does not have the run. */
async function readRun(reading: RunReading, runId: string): Promise<RunSteps | null> {
  const { call, recent, chain, bounds, readStepFailure, read } = reading;
  let steps: RunSteps | null = null;
  let readEvent: ReturnType<typeof createEventReader> | null = null;
  let last: HistoryEvent | undefined;
  const at = { namespace: chain.namespace, temporalWorkflowId: chain.temporalWorkflowId, runId };
  const known = recent?.get(at);
  for await (const events of known ? [known] : pages(reading, runId)) {
    steps ??= createRunSteps({ runId, bounds, startsWithCopy: isCopy(events[0], runId, read) });
    readEvent ??= createEventReader(steps, readStepFailure);
    for (const event of events) await readEvent(event);
    last = events.at(-1) ?? last;
  }
  const end = readRunEnd(last);
  recent?.drop(at);
  const pending = steps?.openActivities();
  // Of a closed run too: history has nothing of the attempts of an activity that was under way when its run ended.
  const failing = steps?.failingCode();
  if (pending?.size || failing) {
    const description = await describeRun(call, chain, runId);
    if (pending) await addPending(pending, description?.pendingActivities ?? [], readStepFailure);
    const attempt = description?.pendingWorkflowTask?.attempt;
    if (failing && attempt) failing.attempts = attempt;
  }
  if (end) steps?.abandon(end.closedAt);
  return steps;
}

/** Whether a run starts with events of a run that was read: the started event of a reset run names whose it is. */
function isCopy(started: HistoryEvent | undefined, runId: string, read: Set<string>): boolean {
  const original = started?.workflowExecutionStartedEventAttributes?.originalExecutionRunId || runId;
  return original !== runId && read.has(original);
}

/** The events of a run in pages; none when Temporal does not have it. Ends early at one that no message holds. */
async function* pages({ call, chain, cutShort }: RunReading, runId: string): AsyncGenerator<HistoryEvent[]> {
  let nextPageToken: Uint8Array | null | undefined;
  let size = PAGE_EVENTS;
  do {
    const shrunk = await nullIfTooLarge(
      shrinkingPage(size, (maximumPageSize) =>
        nullIfUnknown(
          call((service) =>
            service.getWorkflowExecutionHistory({
              namespace: chain.namespace,
              execution: { workflowId: chain.temporalWorkflowId, runId },
              maximumPageSize,
              nextPageToken,
              skipArchival: true,
            }),
          ),
        ),
      ),
    );
    if (!shrunk) {
      cutShort.add(runId);
      return;
    }
    const { page } = shrunk;
    if (!page && nextPageToken) {
      // Half a history must not pass for a whole one.
      throw new ExecutionError('engine_unavailable', `Run ${runId} was deleted while it was read; it is tried again.`);
    }
    if (page?.history?.events?.length) yield page.history.events;
    nextPageToken = page?.nextPageToken;
    // What was large may be over.
    size = Math.min(shrunk.size * 2, PAGE_EVENTS);
  } while (nextPageToken?.length);
}

async function describeRun(call: TemporalCalls, { namespace, temporalWorkflowId: workflowId }: Chain, runId: string) {
  return nullIfTooLarge(
    nullIfUnknown(
      call((service) => service.describeWorkflowExecution({ namespace, execution: { workflowId, runId } })),
    ),
  );
}

async function nullIfTooLarge<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isMessageTooLarge(error)) return null;
    throw error;
  }
}
