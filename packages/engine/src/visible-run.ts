import type { Json, VisibleRun } from '@runledger/contracts';
import { storableText } from '@runledger/contracts';
import type { LoadedDataConverter, Payload } from '@temporalio/common';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { temporal } from '@temporalio/proto';
import { decodeOutput } from './output.ts';
import { toTimestamp } from './timestamp.ts';

type Payloads = Record<string, Payload> | null | undefined;

/** Search attributes are plain JSON everywhere: no codec encrypts them, or Temporal could not search. */
const plain = loadDataConverter();

/**
 * Reads one row of Temporal's list. What cannot be decoded is left out of `searchAttributes` and `memo`. A name with a
 * character that no database text holds is another name then, which nobody knows: one run must not hold up all others.
 */
export async function readVisibleRun(
  converter: LoadedDataConverter,
  info: temporal.api.workflow.v1.IWorkflowExecutionInfo,
): Promise<VisibleRun> {
  return {
    temporalWorkflowId: storableText(info.execution?.workflowId ?? ''),
    runId: storableText(info.execution?.runId ?? ''),
    workflowType: storableText(info.type?.name ?? ''),
    taskQueue: storableText(info.taskQueue ?? ''),
    startedAt: toTimestamp(info.startTime) ?? '',
    closedAt: toTimestamp(info.closeTime),
    searchAttributes: await decodeFields(plain, info.searchAttributes?.indexedFields as Payloads, unwrapped),
    memo: await decodeFields(converter, info.memo?.fields as Payloads, (value) => value),
  };
}

async function decodeFields(
  converter: LoadedDataConverter,
  fields: Payloads,
  finish: (value: Json, payload: Payload) => Json,
): Promise<Record<string, Json>> {
  const decoded = await Promise.all(
    Object.entries(fields ?? {}).map(async ([name, payload]) => {
      const { output, outputNote } = await decodeOutput(converter, [payload]);
      const isLost = output === null && outputNote !== null;
      return isLost ? [] : [[name, finish(output, payload)] as const];
    }),
  );
  return Object.fromEntries(decoded.flat());
}

/** Some SDKs send every search attribute as a list; only a KeywordList is one. */
function unwrapped(value: Json, payload: Payload): Json {
  const type = Buffer.from(payload.metadata?.type ?? []).toString();
  return Array.isArray(value) && value.length === 1 && type !== 'KeywordList' ? (value[0] ?? null) : value;
}
