import type { CancelRequest } from '@runledger/contracts';
import type { temporal } from '@temporalio/proto';
import { findCancelRequest } from './cancel-request.ts';
import type { DescribedRun } from './described-run.ts';
import { readDescribedRun } from './described-run.ts';
import { nullIfUnknown } from './null-if-unknown.ts';
import type { RecentHistories } from './recent-histories.ts';
import { createRecentHistories, isShort } from './recent-histories.ts';
import type { RunEnd } from './run-end.ts';
import { readRunEnd } from './run-end.ts';
import type { RunStart } from './run-start.ts';
import { readRunStart } from './run-start.ts';
import type { TemporalCalls } from './temporal-calls.ts';
import { workflowIdQuery } from './workflow-id-query.ts';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** Enough to reach the first task past a few signals that came before it. */
const FIRST_EVENTS = 6;
/** Where they were more: so many events a page, and so many pages. */
const FURTHER_EVENTS = 250;
const FURTHER_PAGES = 8;
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
  workflowId: string;
  runId: string | null;
}

/** Reads runs from Temporal, one call each. Everything answers `null` for what Temporal does not know. */
export interface RunHistory {
  describe(ref: RunRef): Promise<DescribedRun | null>;
  /** Reads the whole history of a closed run at once where it is short: nothing else then needs a call of its own. */
  readWhole(ref: RunRef & { runId: string }, run: DescribedRun): Promise<void>;
  /** How the run began; remembered once its first task is known. */
  start(ref: RunRef & { runId: string }): Promise<RunStart | null>;
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

  async function lastEvents(ref: RunRef & { runId: string }, maximumPageSize: number): Promise<HistoryEvent[]> {
    const known = recent.get(ref);
    if (known) return known.slice(-maximumPageSize).toReversed();
    // Not the CLOSE_EVENT filter: it shows retried and cron runs as continued-as-new, without what really happened.
    const page = await nullIfUnknown(
      call((service) =>
        service.getWorkflowExecutionHistoryReverse({
          namespace: ref.namespace,
          execution: execution(ref),
          maximumPageSize,
        }),
      ),
    );
    return page?.history?.events ?? [];
  }

  /** The first events, up to the first task that was begun where that is within reach. */
  async function firstEvents(ref: RunRef & { runId: string }): Promise<HistoryEvent[]> {
    const known = recent.get(ref);
    if (known) return known;
    const events: HistoryEvent[] = [];
    let nextPageToken: Uint8Array | undefined;
    for (let page = 0; page <= FURTHER_PAGES; page += 1) {
      const request = {
        namespace: ref.namespace,
        execution: execution(ref),
        maximumPageSize: page === 0 ? FIRST_EVENTS : FURTHER_EVENTS,
        skipArchival: true,
        nextPageToken,
      };
      const answer = await nullIfUnknown(call((service) => service.getWorkflowExecutionHistory(request)));
      events.push(...(answer?.history?.events ?? []));
      nextPageToken = answer?.nextPageToken?.length ? answer.nextPageToken : undefined;
      if (!nextPageToken || events.some((event) => event.workflowTaskStartedEventAttributes)) break;
    }
    return events;
  }

  return {
    async describe(ref) {
      const response = await nullIfUnknown(
        call((service) => service.describeWorkflowExecution({ namespace: ref.namespace, execution: execution(ref) })),
      );
      return response && readDescribedRun(response);
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
      const key = `${ref.namespace}/${ref.workflowId}/${ref.runId}`;
      const remembered = starts.get(key);
      if (remembered) return remembered;
      const start = readRunStart(ref.runId, await firstEvents(ref));
      if (start?.firstTaskAt) remember(starts, key, start);
      return start;
    },

    end: async (ref) => readRunEnd((await lastEvents(ref, 1))[0]),
    lastEvents: (ref) => lastEvents(ref, LAST_EVENTS),

    async cancelRequest(ref) {
      const known = recent.get(ref);
      if (known) return findCancelRequest(known.toReversed());
      let nextPageToken: Uint8Array | undefined;
      for (let page = 0; page < CANCEL_PAGES; page += 1) {
        const request = {
          namespace: ref.namespace,
          execution: execution(ref),
          maximumPageSize: CANCEL_PAGE,
          nextPageToken,
        };
        const answer = await nullIfUnknown(call((service) => service.getWorkflowExecutionHistoryReverse(request)));
        const found = findCancelRequest(answer?.history?.events ?? []);
        if (found || !answer?.nextPageToken?.length) return found;
        nextPageToken = answer.nextPageToken;
      }
      return null;
    },

    async runIds({ namespace, workflowId }, { since, most }) {
      const query = workflowIdQuery(workflowId, since);
      const found: string[] = [];
      let nextPageToken: Uint8Array | undefined;
      do {
        const request = { namespace, query, pageSize: RUNS_PAGE, nextPageToken };
        const page = await call((service) => service.listWorkflowExecutions(request));
        found.push(...(page.executions ?? []).flatMap((info) => info.execution?.runId ?? []));
        nextPageToken = page.nextPageToken?.length ? page.nextPageToken : undefined;
      } while (nextPageToken && found.length < most);
      return found.slice(0, most);
    },
  };
}

function execution({ workflowId, runId }: RunRef) {
  return { workflowId, runId: runId ?? undefined };
}

function remember(starts: Map<string, RunStart>, key: string, start: RunStart): void {
  if (starts.size >= REMEMBERED_STARTS) {
    const oldest = starts.keys().next();
    if (!oldest.done) starts.delete(oldest.value);
  }
  starts.set(key, start);
}
