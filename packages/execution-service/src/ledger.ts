import { createHash } from 'node:crypto';
import type {
  ExecutionChange,
  Json,
  Ledger,
  PendingStart,
  Proof,
  RecordAnswer,
  UnsettledExecution,
} from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { v7 as uuidv7 } from 'uuid';
import type { CallOptions } from './call-database.ts';
import { CALL_DEFAULTS, callDatabase } from './call-database.ts';
import { fromRow, toExecution } from './from-row.ts';
import type { SupabaseLike } from './supabase.ts';
import { typed } from './supabase.ts';

/** The schema that this package needs; see `runledger_schema_version()`. */
const SCHEMA_VERSION = 1;
/** Items a call takes at most. */
const BATCH_LIMIT = 1_000;

interface AnswerRow {
  ordinal: number;
  execution_id: string;
  result: string;
  status: string;
  authority: string;
  revision: number;
  cancel_requested_at: string;
}

/** Answers in the order of the items: the database records them in the order of their ids. */
function toAnswers(rows: AnswerRow[]): RecordAnswer[] {
  return rows
    .toSorted((a, b) => a.ordinal - b.ordinal)
    .map(({ ordinal: _, ...row }) => fromRow(row) as unknown as RecordAnswer);
}

function requireBatch(items: unknown[]): void {
  if (items.length > BATCH_LIMIT) {
    throw new ExecutionError('invalid_input', `${items.length} items in one call; at most ${BATCH_LIMIT} are taken.`);
  }
}

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

const hashInput = (input: Json) =>
  createHash('sha256')
    .update(JSON.stringify(canonical(input)))
    .digest('hex');

type UnsettledRow = FromUnsettled & { startedAt: string };
type FromUnsettled = Omit<UnsettledExecution, 'namespace' | 'workflowId' | 'firstRunId'> & {
  temporalNamespace: string;
  temporalWorkflowId: string;
  temporalRunId: string | null;
};

function toUnsettled(row: object): UnsettledExecution {
  const { temporalNamespace, temporalWorkflowId, temporalRunId, ...rest } = fromRow(row) as unknown as UnsettledRow;
  return { ...rest, namespace: temporalNamespace, workflowId: temporalWorkflowId, firstRunId: temporalRunId };
}

function toPendingStart(row: object): PendingStart {
  const { temporalNamespace, temporalWorkflowId, ...rest } = fromRow(row) as unknown as Record<string, unknown>;
  return { ...rest, namespace: temporalNamespace, workflowId: temporalWorkflowId } as unknown as PendingStart;
}

/** The ledger as the monitor and the router use it, over a client with the service-role key. */
export function createLedger(client: SupabaseLike, options: { call?: Partial<CallOptions> } = {}): Ledger {
  const supabase = typed(client);
  const call: CallOptions = { ...CALL_DEFAULTS, ...options.call };

  async function unsettled(args: { p_namespace: string; p_limit: number; p_due?: boolean; p_ids?: string[] }) {
    const rows = await callDatabase(() => supabase.rpc('unsettled_executions', args), call);
    return rows.map(toUnsettled);
  }

  async function state(namespace: string) {
    const rows = await callDatabase(
      () => supabase.from('monitor_state').select('watermarks,proof').eq('temporal_namespace', namespace),
      call,
    );
    return rows[0] as { watermarks: Record<string, string>; proof: Proof | null } | undefined;
  }

  return {
    async admit(request) {
      const p_request = {
        id: uuidv7(),
        workflow_id: request.workflow.id,
        created_by: request.userId,
        input: request.input,
        tags: request.tags,
        metadata: request.metadata,
        start_within_ms: request.startWithinMs,
        ...(request.idempotencyKey
          ? { idempotency_key: request.idempotencyKey, input_hash: hashInput(request.input) }
          : {}),
      };
      const answer = await callDatabase(() => supabase.rpc('admit_execution', { p_request }), call);
      const { execution, created } = answer as unknown as { execution: object; created: boolean };
      return { execution: toExecution(execution), created };
    },

    async recordOpen(items) {
      if (items.length === 0) return [];
      requireBatch(items);
      const p_runs = items.map(({ executionId, source, open, takeBackRevision }) => ({
        ...open,
        execution: executionId,
        source,
        takeBackRevision,
      })) as unknown as Json;
      return toAnswers(await callDatabase(() => supabase.rpc('record_open', { p_runs }), call));
    },

    async recordOutcomes(items) {
      if (items.length === 0) return [];
      requireBatch(items);
      const p_outcomes = items.map(({ executionId, source, outcome }) => {
        const { closedAt, ...rest } = outcome;
        return { ...rest, execution: executionId, source, authority: 'engine', completedAt: closedAt };
      }) as unknown as Json;
      return toAnswers(await callDatabase(() => supabase.rpc('record_outcomes', { p_outcomes }), call));
    },

    async requestCancel(executionId, by, reason) {
      const rows = await callDatabase(
        () => supabase.rpc('request_cancel', { p_execution: executionId, p_by: by, p_reason: reason }),
        call,
      );
      return toAnswers(rows)[0] as RecordAnswer;
    },

    async unknownRuns(namespace, runIds) {
      if (runIds.length === 0) return [];
      requireBatch(runIds);
      return await callDatabase(
        () => supabase.rpc('unknown_runs', { p_namespace: namespace, p_run_ids: runIds }),
        call,
      );
    },

    unsettled: (namespace, limit) => unsettled({ p_namespace: namespace, p_limit: limit }),
    dueChecks: (namespace, limit) => unsettled({ p_namespace: namespace, p_limit: limit, p_due: true }),
    async unsettledByIds(namespace, executionIds) {
      if (executionIds.length === 0) return [];
      return await unsettled({ p_namespace: namespace, p_limit: executionIds.length, p_ids: executionIds });
    },

    async saveChecks(checks) {
      if (checks.length === 0) return;
      requireBatch(checks);
      const p_checks = checks.map(({ executionId, ...check }) => ({ ...check, execution: executionId }));
      await callDatabase(() => supabase.rpc('save_checks', { p_checks }), call);
    },

    async pendingStarts(namespace, olderThanMs, limit) {
      const rows = await callDatabase(
        () => supabase.rpc('pending_starts', { p_namespace: namespace, p_older_than_ms: olderThanMs, p_limit: limit }),
        call,
      );
      return rows.map(toPendingStart);
    },

    async changesSince(cursor, limit) {
      const answer = await callDatabase(
        () => supabase.rpc('changes_since', { p_cursor: cursor as string, p_limit: limit }),
        call,
      );
      return answer as unknown as { changes: ExecutionChange[]; cursor: string };
    },

    async watermark(namespace, name) {
      return (await state(namespace))?.watermarks[name] ?? null;
    },

    async saveWatermark(namespace, name, value) {
      await callDatabase(
        () => supabase.rpc('save_monitor_state', { p_namespace: namespace, p_watermarks: { [name]: value } }),
        call,
      );
    },

    async publishProof(namespace, proof) {
      const p_proof = { ...proof };
      await callDatabase(() => supabase.rpc('save_monitor_state', { p_namespace: namespace, p_proof }), call);
    },

    async getProof(namespace) {
      return (await state(namespace))?.proof ?? null;
    },

    async trimChanges() {
      return await callDatabase(() => supabase.rpc('trim_changes'), call);
    },

    async ping() {
      const version = await callDatabase(() => supabase.rpc('runledger_schema_version'), { ...call, retries: 0 });
      if (version < SCHEMA_VERSION) {
        throw new ExecutionError(
          'schema_outdated',
          `The database has schema version ${version}, and this package needs ${SCHEMA_VERSION}. Apply supabase/migrations.`,
        );
      }
    },
  };
}
