import type { CancelRequest } from '@runledger/contracts';
import type { Payload } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import { findCancelRequest } from './cancel-request.ts';
import type { DescribedRun } from './described-run.ts';
import { readDescribedRun } from './described-run.ts';
import { isMessageTooLarge } from './grpc-error.ts';
import { nullIfUnknown } from './null-if-unknown.ts';
import type { RecentHistories } from './recent-histories.ts';
import { createRecentHistories, isShort } from './recent-histories.ts';
import type { RunEnd } from './run-end.ts';
import { readRunEnd } from './run-end.ts';
import type { RunStart } from './run-start.ts';
import { readRunStart } from './run-start.ts';
import { shrinkingPage } from './shrinking-page.ts';
import type { TemporalCalls } from './temporal-calls.ts';
import { workflowIdQuery } from './workflow-id-query.ts';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** Enough to reach the first task past a few signals that came before it; where they were more, again with more. */
const FIRST_EVENTS = [6, 250, 2_000];
/** Enough to reach what led to the end: the last activity, or the request to cancel. */
const LAST_EVENTS = 30;
/** A cancel is looked for so far back from the end, in pages: a clean-up may take thousands of events. */
const CANCEL_PAGES = 20;
const CANCEL_PAGE = 250;
/** Runs listed in one call. */
const RUNS_PAGE = 250;
/** Starts remembered, so that a chain is not read again with every look at its newest run. */
const REMEMBERED_STARTS = 5_000;

/** Where a run is to be found. Without a run id, the current run of that workflow id. */
export interface RunRef {
  namespace: string;
  temporalWorkflowId: string;
  runId: string | null;
}

/** Reads runs from Temporal, one call each. Everything answers `null` for what Temporal does not know. */
export interface RunHistory {
  describe(ref: RunRef): Promise<DescribedRun | null>;
  /** Reads the whole history of a closed run at once where it is short: nothing else then needs a call of its own. */
  readWhole(ref: RunRef & { runId: string }, run: DescribedRun): Promise<void>;
  /** How the run began; remembered once its first task is known. */
  start(ref: RunRef & { runId: string }): Promise<RunStart | null>;
  /** What the run was given; `null` when Temporal no longer has its first event, `too_large` when no message holds it. */
  input(ref: RunRef & { runId: string }): Promise<Payload[] | 'too_large' | null>;
  /** How the run ended; `null` too when its last event does not say. */
  end(ref: RunRef & { runId: string }): Promise<RunEnd | null>;
  /** The last events, newest first. */
  lastEvents(ref: RunRef & { runId: string }): Promise<HistoryEvent[]>;
  /** Who asked the run to cancel last; read back from its end, at most 5,000 events. */
  cancelRequest(ref: RunRef & { runId: string }): Promise<CancelRequest | null>;
  /** Runs of the workflow id that visibility lists, newest start first; a hint: it may be late. */
  runIds(ref: RunRef, options: { since: string | null; most: number }): Promise<string[]>;
}

export function createRunHistory(call: TemporalCalls, recent: RecentHistories = createRecentHistories()): RunHistory {
  const starts = new Map<string, RunStart>();

  /** The first events, up to the first task that was begun where that is within reach. */
  async function firstEvents(ref: RunRef & { runId: string }): Promise<HistoryEvent[]> {
    const known = recent.get(ref);
    if (known) return known;
    let events: HistoryEvent[] = [];
    for (const wanted of FIRST_EVENTS) {
      events = await eventsFromStart(ref, wanted);
      const isFound = events.some((event) => event.workflowTaskStartedEventAttributes);
      if (isFound || events.length < wanted) break;
    }
    return events;
  }

  async function eventsFromStart(ref: RunRef & { runId: string }, wanted: number): Promise<HistoryEvent[]> {
    return gather(wanted, (maximumPageSize, nextPageToken) =>
      call((service) =>
        service.getWorkflowExecutionHistory({
          namespace: ref.namespace,
          execution: execution(ref),
          maximumPageSize,
          nextPageToken,
          skipArchival: true,
        }),
      ),
    );
  }

  async function firstEvent(ref: RunRef & { runId: string }): Promise<[HistoryEvent | 'too_large' | undefined]> {
    const request = { namespace: ref.namespace, execution: execution(ref), maximumPageSize: 1, skipArchival: true };
    try {
      const page = await nullIfUnknown(call((service) => service.getWorkflowExecutionHistory(request)));
      return [page?.history?.events?.[0]];
    } catch (error) {
      if (!isMessageTooLarge(error)) throw error;
      return ['too_large'];
    }
  }

  async function lastEvents(ref: RunRef & { runId: string }, wanted: number): Promise<HistoryEvent[]> {
    const known = recent.get(ref);
    if (known) return known.slice(-wanted).toReversed();
    // Not the CLOSE_EVENT filter: it shows retried and cron runs as continued-as-new, without what really happened.
    return gather(wanted, (maximumPageSize, nextPageToken) =>
      call((service) =>
        service.getWorkflowExecutionHistoryReverse({
          namespace: ref.namespace,
          execution: execution(ref),
          maximumPageSize,
          nextPageToken,
        }),
      ),
    );
  }

  return {
    async describe(ref) {
      try {
        const response = await nullIfUnknown(
          call((service) => service.describeWorkflowExecution({ namespace: ref.namespace, execution: execution(ref) })),
        );
        return response && readDescribedRun(response);
      } catch (error) {
        if (!isMessageTooLarge(error)) throw error;
        return describeByList(call, ref);
      }
    },

    async readWhole(ref, run) {
      if (!isShort(run) || recent.get(ref)) return;
      const request = {
        namespace: ref.namespace,
        execution: execution(ref),
        maximumPageSize: run.historyEvents,
        skipArchival: true,
      };
      const answer = await nullIfUnknown(call((service) => service.getWorkflowExecutionHistory(request)));
      const events = answer?.history?.events ?? [];
      // Only a history that is whole may stand for it.
      if (events.length >= run.historyEvents && !answer?.nextPageToken?.length)
        recent.keep(ref, events, run.historyBytes);
    },

    async start(ref) {
      const key = `${ref.namespace}/${ref.temporalWorkflowId}/${ref.runId}`;
      const remembered = starts.get(key);
      if (remembered) return remembered;
      const start = readRunStart(ref.runId, await firstEvents(ref));
      if (start?.firstTaskAt) remember(starts, key, start);
      return start;
    },

    async input(ref) {
      const [first] = recent.get(ref) ?? (await firstEvent(ref));
      if (first === 'too_large') return first;
      const started = first?.workflowExecutionStartedEventAttributes;
      return started ? ((started.input?.payloads ?? []) as Payload[]) : null;
    },

    end: async (ref) => readRunEnd((await lastEvents(ref, 1))[0]),
    lastEvents: (ref) => lastEvents(ref, LAST_EVENTS),

    async cancelRequest(ref) {
      const known = recent.get(ref);
      if (known) return findCancelRequest(known.toReversed());
      let nextPageToken: Uint8Array | undefined;
      for (let page = 0; page < CANCEL_PAGES; page += 1) {
        const { page: answer } = await shrinkingPage(CANCEL_PAGE, (maximumPageSize) => {
          const request = { namespace: ref.namespace, execution: execution(ref), maximumPageSize, nextPageToken };
          return nullIfUnknown(call((service) => service.getWorkflowExecutionHistoryReverse(request)));
        });
        const found = findCancelRequest(answer?.history?.events ?? []);
        if (found || !answer?.nextPageToken?.length) return found;
        nextPageToken = answer.nextPageToken;
      }
      return null;
    },

    async runIds({ namespace, temporalWorkflowId: workflowId }, { since, most }) {
      const query = workflowIdQuery(workflowId, { since });
      const found: string[] = [];
      let nextPageToken: Uint8Array | undefined;
      do {
        const { page } = await shrinkingPage(RUNS_PAGE, (pageSize) =>
          call((service) => service.listWorkflowExecutions({ namespace, query, pageSize, nextPageToken })),
        );
        found.push(...(page.executions ?? []).flatMap((info) => info.execution?.runId ?? []));
        nextPageToken = page.nextPageToken?.length ? page.nextPageToken : undefined;
      } while (nextPageToken && found.length < most);
      return found.slice(0, most);
    },
  };
}

type HistoryPage = { history?: { events?: HistoryEvent[] | null } | null; nextPageToken?: Uint8Array | null };

/**
 * Up to `wanted` events, in one call or, where they are too large for one message, in several: as many as there are before one
 * that is too large by itself. None when Temporal does not know the run.
 */
async function gather(
  wanted: number,
  ask: (size: number, token: Uint8Array | undefined) => Promise<HistoryPage>,
): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let token: Uint8Array | undefined;
  let size = wanted;
  try {
    do {
      const asked = Math.min(size, wanted - events.length);
      const shrunk = await shrinkingPage(asked, (next) => nullIfUnknown(ask(next, token)));
      const found = shrunk.page?.history?.events ?? [];
      size = shrunk.size;
      events.push(...(shrunk.size < wanted && wanted > 1 ? found.map(withoutPayloads) : found));
      token = shrunk.page?.nextPageToken?.length ? shrunk.page.nextPageToken : undefined;
    } while (token && size < wanted && events.length < wanted);
  } catch (error) {
    if (!isMessageTooLarge(error)) throw error;
  }
  return events;
}

/**
 * What describe would say but for pending activities, whose heartbeats can be larger than one message: from the list of
 * runs. It may be some seconds late, so at worst an end is seen with the next look.
 */
async function describeByList(
  call: TemporalCalls,
  { namespace, temporalWorkflowId: workflowId, runId }: RunRef,
): Promise<DescribedRun | null> {
  const query = workflowIdQuery(workflowId, { runId });
  const page = await call((service) => service.listWorkflowExecutions({ namespace, query, pageSize: 1 }));
  const info = page.executions?.[0];
  return info ? readDescribedRun({ workflowExecutionInfo: info }) : null;
}

/** Largest event that is held whole beside others, in bytes. */
const EVENT_BYTES = 64_000;

/** The event by its times and kind only, where it is large and says nothing about an end: several megabytes each add up. */
function withoutPayloads(event: HistoryEvent): HistoryEvent {
  if (event.workflowTaskFailedEventAttributes || event.workflowExecutionStartedEventAttributes) return event;
  if (proto.temporal.api.history.v1.HistoryEvent.encode(event).finish().length <= EVENT_BYTES) return event;
  const { eventId, eventTime, eventType } = event;
  return { eventId, eventTime, eventType };
}

function execution({ temporalWorkflowId: workflowId, runId }: RunRef) {
  return { workflowId, runId: runId ?? undefined };
}

function remember(starts: Map<string, RunStart>, key: string, start: RunStart): void {
  if (starts.size >= REMEMBERED_STARTS) {
    const oldest = starts.keys().next();
    if (!oldest.done) starts.delete(oldest.value);
  }
  starts.set(key, start);
}
