import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import proto from '@temporalio/proto';
import { insist } from '../insist.ts';

const { EventType, WorkflowExecutionStatus } = proto.temporal.api.enums.v1;

/** Temporal's own name for who terminates the base run of a reset. */
const RESETTER = 'history-resetter';

/** One run as describe() and its history tell it. */
export interface EngineRun {
  workflowId: string;
  runId: string;
  /** The chain it belongs to. */
  firstRunId: string;
  /** Temporal's name: `COMPLETED`. */
  status: string;
  /** Microseconds since 1970. */
  startedAt: bigint;
  closedAt: bigint | null;
  /** A reset ended it; its own end never came. */
  wasCutByReset: boolean;
  /** The run that its own end handed on to (continue-as-new, retry, cron). */
  handedOnTo: string | null;
  /** It began as a reset of another run, whose history it has a copy of. */
  isReset: boolean;
  activities: number;
  /** When its first workflow task began; `null` while none has. */
  firstTaskAt: bigint | null;
  cancelRequested: boolean;
  /** The JSON text that it returned; `null` where it returned nothing, or something else. */
  result: string | null;
}

/** A chain of runs, oldest first; the last one says how the execution stands. */
export interface EngineChain {
  workflowId: string;
  firstRunId: string;
  runs: EngineRun[];
  last: EngineRun;
}

const key = (workflowId: string, runId: string) => `${workflowId}/${runId}`;

const micros = (time: { seconds?: unknown; nanos?: number | null } | null | undefined): bigint | null =>
  time ? BigInt(String(time.seconds ?? 0)) * 1_000_000n + BigInt(Math.floor((time.nanos ?? 0) / 1_000)) : null;

function jsonOf(payload: { metadata?: unknown; data?: Uint8Array | null } | null | undefined): string | null {
  const { encoding } = (payload?.metadata ?? {}) as { encoding?: Uint8Array };
  if (!payload?.data || !encoding || Buffer.from(encoding).toString() !== 'json/plain') return null;
  return Buffer.from(payload.data).toString();
}

async function readRun(client: Client, workflowId: string, runId: string): Promise<EngineRun | null> {
  const handle = client.workflow.getHandle(workflowId, runId);
  const isGone = (error: unknown) => error instanceof WorkflowNotFoundError;
  try {
    const { raw } = await insist(() => handle.describe(), isGone);
    const { events } = await insist(() => handle.fetchHistory(), isGone);
    const info = raw.workflowExecutionInfo ?? {};
    const end = events?.at(-1);
    const handedOn =
      end?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ||
      end?.workflowExecutionCompletedEventAttributes?.newExecutionRunId ||
      end?.workflowExecutionFailedEventAttributes?.newExecutionRunId ||
      end?.workflowExecutionTimedOutEventAttributes?.newExecutionRunId;
    const of = (type: number) => events?.filter(({ eventType }) => eventType === type) ?? [];
    return {
      workflowId,
      runId,
      firstRunId: info.firstRunId ?? '',
      status: WorkflowExecutionStatus[info.status ?? 0]?.replace('WORKFLOW_EXECUTION_STATUS_', '') ?? `${info.status}`,
      startedAt: micros(info.startTime) ?? 0n,
      closedAt: micros(info.closeTime),
      wasCutByReset: end?.workflowExecutionTerminatedEventAttributes?.identity === RESETTER,
      handedOnTo: handedOn || null,
      isReset: of(EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED).some(
        ({ workflowTaskFailedEventAttributes: failed }) => failed?.newRunId === runId,
      ),
      firstTaskAt: micros(of(EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED)[0]?.eventTime),
      cancelRequested: raw.workflowExtendedInfo?.cancelRequested === true,
      result: jsonOf(end?.workflowExecutionCompletedEventAttributes?.result?.payloads?.[0]),
      activities: of(EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED).length,
    };
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/**
 * All chains that Temporal has, by `workflowId/firstRunId`. Runs come from its list and from `known` (the list may lack
 * some); what each one is comes from describe() and the history. Chains are put together by the first run id that
 * describe() gives for each run, not by following one run to the next.
 */
export async function readEngineChains(
  client: Client,
  known: { workflowId: string; runId: string }[],
): Promise<Map<string, EngineChain>> {
  const wanted = new Map(known.map((run) => [key(run.workflowId, run.runId), run]));
  for await (const { workflowId, runId } of client.workflow.list({ pageSize: 200 })) {
    wanted.set(key(workflowId, runId), { workflowId, runId });
  }
  const runs: EngineRun[] = [];
  const waiting = [...wanted.values()];
  const readSome = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const run = await readRun(client, next.workflowId, next.runId);
      if (run) runs.push(run);
    }
  };
  await Promise.all(Array.from({ length: 8 }, readSome));
  const chains = Map.groupBy(runs, ({ workflowId, firstRunId }) => key(workflowId, firstRunId));
  return new Map(
    [...chains].map(([name, members]) => {
      const ordered = members.toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
      const { workflowId, firstRunId } = ordered[0] as EngineRun;
      return [name, { workflowId, firstRunId, runs: ordered, last: ordered.at(-1) as EngineRun }];
    }),
  );
}
