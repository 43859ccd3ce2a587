import type { Json, Quota, QuotaService } from '@runledger/contracts';
import { ExecutionError, issuesSentence, SetQuotaInput } from '@runledger/contracts';
import { z } from 'zod';
import type { CallOptions } from './call-database.ts';
import { CALL_DEFAULTS, callDatabase } from './call-database.ts';
import { isUuid } from './find-execution.ts';
import { fromRow } from './from-row.ts';
import type { SupabaseLike } from './supabase.ts';
import { typed } from './supabase.ts';

const COLUMNS =
  'id,user_id,workflow_id,executions_per_hour,executions_per_day,executions_per_month,concurrent_executions,stored_bytes,created_at,updated_at';
/** Below any limit of rows that an API is usually set to. */
const PAGE = 200;

const toQuota = (row: object) => fromRow(row) as unknown as Quota;

function toColumns(input: SetQuotaInput): Json {
  const parsed = SetQuotaInput.safeParse(input);
  if (!parsed.success) {
    throw new ExecutionError('invalid_input', `Invalid quota: ${issuesSentence(parsed.error)}`, {
      cause: parsed.error,
      fields: z.flattenError(parsed.error).fieldErrors as Record<string, string[]>,
    });
  }
  const { userId, workflowId, ...asked } = parsed.data;
  const limits = {
    executions_per_hour: asked.executionsPerHour,
    executions_per_day: asked.executionsPerDay,
    executions_per_month: asked.executionsPerMonth,
    concurrent_executions: asked.concurrentExecutions,
    stored_bytes: asked.storedBytes,
  };
  const given = Object.entries(limits).filter((entry): entry is [string, number | null] => entry[1] !== undefined);
  return { user_id: userId, workflow_id: workflowId, ...Object.fromEntries(given) };
}

/** Limits of what users run through the API, over a client with the service-role key. */
export function createQuotaService(client: SupabaseLike, options: { call?: Partial<CallOptions> } = {}): QuotaService {
  const supabase = typed(client);
  const call: CallOptions = { ...CALL_DEFAULTS, ...options.call };

  return {
    async setQuota(input) {
      const p_quota = toColumns(input);
      const rows = await callDatabase(() => supabase.rpc('set_quota', { p_quota }), call);
      return toQuota(rows[0] as object);
    },

    async listQuotas({ userId, workflowId } = {}) {
      const quotas: Quota[] = [];
      if (workflowId !== undefined && !isUuid(workflowId)) return quotas;
      for (;;) {
        const last = quotas.at(-1)?.id;
        const rows = await callDatabase(() => {
          let query = supabase.from('execution_quotas').select(COLUMNS).order('id').limit(PAGE);
          if (userId !== undefined) query = query.eq('user_id', userId);
          if (workflowId !== undefined) query = query.eq('workflow_id', workflowId);
          return last === undefined ? query : query.gt('id', last);
        }, call);
        if (rows.length === 0) return quotas;
        quotas.push(...rows.map(toQuota));
      }
    },

    async removeQuota({ userId, workflowId }) {
      if (workflowId !== null && !isUuid(workflowId)) return false;
      const rows = await callDatabase(() => {
        const query = supabase.from('execution_quotas').delete();
        const ofUser = userId === null ? query.is('user_id', null) : query.eq('user_id', userId);
        const within = workflowId === null ? ofUser.is('workflow_id', null) : ofUser.eq('workflow_id', workflowId);
        return within.select('id');
      }, call);
      return rows.length > 0;
    },
  };
}
