import { bytesToHex } from '@noble/hashes/utils.js';
import type {
  Admission,
  AdmissionLedger,
  AdmitRequest,
  Execution,
  ExecutionError,
  Json,
  RecordAnswer,
  RecordOpen,
  RecordOutcome,
  StartedExecution,
  StartedLedger,
} from '@runledger/contracts';
import { exactly, isExecutionError } from '@runledger/contracts';
import { v7 as uuidv7 } from 'uuid';
import { requireBatch } from './batch-limit.ts';
import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import { sha256Of } from './encoding.ts';
import { toColumns, toExecution } from './from-row.ts';
import { gather } from './gather.ts';
import type { PostgrestFault } from './ledger-error.ts';
import { ledgerError } from './ledger-error.ts';
import { requireDoubles } from './payload.ts';
import type { AnswerRow } from './record-answers.ts';
import { toAnswers } from './record-answers.ts';
import { toOpenItem, toOutcomeItem } from './record-items.ts';
import type { Supabase } from './supabase.ts';

/** Most starts of one call, and most bytes of what they bring. */
const TOGETHER = { items: 50, bytes: 1_000_000 };

/** Keys in order, so that the same input has the same hash however it was written. */
function canonical(value: Json): Json {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, canonical(value[key] as Json)]),
  );
}

/** The same for the same request: the input, and for a rerun also what it repeats. */
const hashRequest = ({ input, rerunOf }: AdmitRequest) =>
  bytesToHex(sha256Of(JSON.stringify(canonical(input)) + (rerunOf?.executionId ?? '')));

/** @throws ExecutionError `invalid_input` where the input has a number that is not a double */
function toRequestItem(request: AdmitRequest) {
  const { workflow, userId: _, input, idempotencyKey, startWithinMs, rerunOf, startOptions, ...given } = request;
  // It is started by whoever reads it back, and a reader gets doubles.
  requireDoubles('input', input);
  return {
    ...toColumns(given),
    id: uuidv7(),
    workflow_id: workflow.id,
    workflow_updated_at: workflow.updatedAt,
    input,
    start_within_ms: startWithinMs,
    ...(startOptions ? { start_options: { ...startOptions } } : {}),
    ...(rerunOf ? { rerun_of: { execution: rerunOf.executionId, reason: rerunOf.reason } } : {}),
    ...(idempotencyKey ? { idempotency_key: idempotencyKey, input_hash: hashRequest(request) } : {}),
  };
}

type RequestItem = ReturnType<typeof toRequestItem>;

function itemOrRefusal(request: AdmitRequest): RequestItem | ExecutionError {
  try {
    return toRequestItem(request);
  } catch (error) {
    if (isExecutionError(error)) return error;
    throw error;
  }
}

type AdmissionRow = { execution: object; created: boolean };
/** One of several: as one alone, or what Postgres raised for it. */
type Answer = AdmissionRow | { refused: PostgrestFault } | null;
/** As PostgREST answers a fault of the request. */
const HTTP_BAD_REQUEST = 400;

/** With its input, which is not answered to whoever sent it. */
function toAdmission(answer: Answer, { input }: RequestItem): Admission | ExecutionError | null {
  if (answer === null) return null;
  if ('refused' in answer) return ledgerError(answer.refused, HTTP_BAD_REQUEST);
  const execution = toExecution(answer.execution);
  return { execution: answer.created ? { ...execution, input } : execution, created: answer.created };
}

/** Admits what users ask for, and records what came of it. Many at once share their calls. */
export function createStarts(
  supabase: Supabase,
  call: CallOptions,
): Pick<AdmissionLedger, 'admit' | 'admitEach'> & StartedLedger {
  async function admitItems(userId: string, items: RequestItem[]): Promise<(Admission | ExecutionError | null)[]> {
    if (items.length === 0) return [];
    const [first] = items;
    if (first && items.length === 1) {
      const p_request = exactly({ ...first, created_by: userId });
      const row = await callDatabase(() => supabase.rpc('admit_execution', { p_request }), call);
      return [toAdmission(row as unknown as AdmissionRow | null, first)];
    }
    const asked = { p_user: userId, p_requests: exactly(items) };
    const answers = await callDatabase(() => supabase.rpc('admit_executions', asked), call);
    return items.map((item, n) => toAdmission((answers as unknown as Answer[])[n] ?? null, item));
  }

  // One user's, who wait for each other anyway where a quota counts them; nobody waits for another's.
  const admitTogether = gather(
    (asked: { userId: string; item: RequestItem }[]) =>
      admitItems(
        asked[0]?.userId ?? '',
        asked.map(({ item }) => item),
      ),
    { ...TOGETHER, bytesOf: ({ item }) => bytesOf(item.input), laneOf: ({ userId }) => userId },
  );

  async function record(p_starts: { open: object[] } | { outcome: object[] }) {
    const rows = await callDatabase(() => supabase.rpc('record_starts', { p_starts: exactly(p_starts) }), call);
    return (rows as unknown as { answer: AnswerRow; execution: object | null }[]).map(({ answer, execution }) => ({
      answer: toAnswers([answer])[0] as RecordAnswer,
      execution: execution && withoutInput(toExecution(execution)),
    }));
  }
  const recordOpened = gather((items: RecordOpen[]) => record({ open: items.map(toOpenItem) }), {
    ...TOGETHER,
    bytesOf,
  });
  const recordRefused = gather((items: RecordOutcome[]) => record({ outcome: items.map(toOutcomeItem) }), {
    ...TOGETHER,
    bytesOf,
  });

  return {
    async admit(request) {
      const admitted = await admitTogether({ userId: request.userId, item: toRequestItem(request) });
      if (isExecutionError(admitted)) throw admitted;
      return admitted;
    },

    async admitEach(userId, requests) {
      requireBatch(requests);
      const items = requests.map(itemOrRefusal);
      const answers = await admitItems(
        userId,
        items.filter((item): item is RequestItem => !isExecutionError(item)),
      );
      const next = answers.values();
      return items.map((item) => (isExecutionError(item) ? item : (next.next().value ?? null)));
    },

    recordStart: (start) => ('open' in start ? recordOpened(start.open) : recordRefused(start.outcome)),
  };
}

/** It is `null` in what was answered, which nobody is to take for an input. */
const withoutInput = ({ input: _, ...execution }: Execution): StartedExecution => execution;

const bytesOf = (value: unknown) => JSON.stringify(value)?.length ?? 0;
