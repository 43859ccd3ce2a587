import type {
  DeleteResult,
  Json,
  NotedRequest,
  ProgressLedger,
  RequestedExecution,
  RequestLedger,
} from '@runledger/contracts';
import { requireBatch } from './batch-limit.ts';
import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import { fromRow } from './from-row.ts';
import { sendProgress } from './send-progress.ts';
import type { Supabase } from './supabase.ts';

type NotedRow = { noted: boolean; execution: object } | null;

function toNoted(row: NotedRow): NotedRequest | null {
  if (row === null) return null;
  const noted = fromRow(row) as unknown as NotedRequest;
  return { ...noted, execution: fromRow(row.execution) as unknown as RequestedExecution };
}

/** What users ask of their executions. */
export function createRequests(supabase: Supabase, call: CallOptions): RequestLedger & ProgressLedger {
  return {
    async noteRequests(userId, requests) {
      if (requests.length === 0) return [];
      requireBatch(requests);
      const items = requests.map(({ executionId, ...request }) => ({ ...request, execution: executionId }));
      const asked = { p_user: userId, p_requests: items as unknown as Json };
      const rows = await callDatabase(() => supabase.rpc('note_requests', asked), call);
      return (rows as unknown as NotedRow[]).map(toNoted);
    },

    reportProgress: (user, execution, report) => sendProgress({ supabase, call }, { execution, user, report }),

    async answerRequests(answers) {
      if (answers.length === 0) return;
      requireBatch(answers);
      await callDatabase(() => supabase.rpc('answer_requests', { p_answers: answers }), call);
    },

    async deleteExecutions(userId, ids) {
      if (ids.length === 0) return [];
      requireBatch(ids);
      const answers = await callDatabase(() => supabase.rpc('delete_executions', { p_user: userId, p_ids: ids }), call);
      return answers as unknown as DeleteResult[];
    },
  };
}
