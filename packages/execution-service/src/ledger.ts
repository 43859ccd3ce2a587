import type { FirstRunAnswer, Ledger, QuotaUse, RecordAnswer } from '@runledger/contracts';
import { ExecutionError, exactly } from '@runledger/contracts';
import { requireBatch } from './batch-limit.ts';
import type { CallOptions } from './call-database.ts';
import { CALL_DEFAULTS, callDatabase } from './call-database.ts';
import { createCounting } from './ledger-counting.ts';
import { createFollowing } from './ledger-following.ts';
import { createInstallation } from './ledger-installation.ts';
import { createLosses } from './ledger-lost.ts';
import { createNames } from './ledger-names.ts';
import { createProofKeeping } from './ledger-proof.ts';
import { createRequests } from './ledger-requests.ts';
import { createStarts } from './ledger-starts.ts';
import { createTimelineQueue } from './ledger-timelines.ts';
import { createUsers } from './ledger-users.ts';
import { createViews } from './ledger-views.ts';
import { readRows } from './read-rows.ts';
import { toAnswers } from './record-answers.ts';
import { toOpenItem, toOutcomeItem } from './record-items.ts';
import type { SupabaseLike } from './supabase.ts';
import { typed } from './supabase.ts';

/** The ledger as the monitor and the router use it, over a client with the service-role key. */
export function createLedger(client: SupabaseLike, options: { call?: Partial<CallOptions> } = {}): Ledger {
  const supabase = typed(client);
  const call: CallOptions = { ...CALL_DEFAULTS, ...options.call };
  const installation = createInstallation(supabase, call);

  return {
    async quotas(userId, workflowId) {
      const asked = { p_user_id: userId, ...(workflowId ? { p_workflow_id: workflowId } : {}) };
      return (await callDatabase(() => supabase.rpc('quotas_of', asked), call)) as unknown as QuotaUse[];
    },

    async recordOpen(items) {
      if (items.length === 0) return [];
      requireBatch(items);
      const p_runs = exactly(items.map(toOpenItem));
      return toAnswers(await readRows(supabase, { name: 'record_open', args: { p_runs }, call }));
    },

    async recordOutcomes(items) {
      if (items.length === 0) return [];
      requireBatch(items);
      const p_outcomes = exactly(items.map(toOutcomeItem));
      return toAnswers(await readRows(supabase, { name: 'record_outcomes', args: { p_outcomes }, call }));
    },

    async correctFirstRun(executionId, firstRunId, source) {
      const asked = { p_execution: executionId, p_first_run: firstRunId, p_source: source };
      return (await callDatabase(() => supabase.rpc('correct_first_run', asked), call)) as unknown as FirstRunAnswer;
    },

    async stopKind(executionId, cancelRequestedAt) {
      const rows = await callDatabase(
        () =>
          supabase
            .from('execution_requests')
            .select('kind')
            .eq('execution_id', executionId)
            .in('kind', ['cancel', 'terminate'])
            .lte('requested_at', cancelRequestedAt)
            .order('requested_at', { ascending: false })
            .limit(1),
        call,
      );
      return rows[0]?.kind === 'terminate' ? 'terminate' : 'cancel';
    },

    async requestCancel(executionId, by, reason) {
      const rows = await callDatabase(
        () => supabase.rpc('request_cancel', { p_execution: executionId, p_by: by, p_reason: reason }),
        call,
      );
      return toAnswers(rows)[0] as RecordAnswer;
    },

    ...createStarts(supabase, call),
    ...createFollowing(supabase, call),
    ...createLosses(supabase, call),
    ...createRequests(supabase, call),
    ...createTimelineQueue(supabase, call),
    ...createNames(supabase, call),
    ...createProofKeeping(supabase, call),
    ...createCounting(supabase, call),
    ...createUsers(supabase, call),
    ...createViews(supabase, call),
    ...installation,

    async ping() {
      const { schemaVersion, neededSchemaVersion } = await installation.schemaVersions();
      if (schemaVersion < neededSchemaVersion) {
        throw new ExecutionError(
          'schema_outdated',
          `The schema in the database is older than this release: version ${schemaVersion}, and ${neededSchemaVersion} is needed. Apply the migrations of this release: npx runledger migrate, or supabase db push with its files in supabase/migrations.`,
        );
      }
    },
  };
}
