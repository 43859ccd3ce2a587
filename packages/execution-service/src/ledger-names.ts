import type { NamesLedger, RowFacts } from '@runledger/contracts';
import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import type { Supabase } from './supabase.ts';

/** What people call workflows and users, and how long executions take. */
export function createNames(supabase: Supabase, call: CallOptions): NamesLedger {
  return {
    async describeRows({ viewer, workflowIds, userIds, usualOf }) {
      const asked = {
        p_viewer: viewer,
        p_workflow_ids: workflowIds,
        p_user_ids: userIds,
        p_usual_ids: usualOf,
      };
      return (await callDatabase(() => supabase.rpc('describe_rows', asked), call)) as unknown as RowFacts;
    },

    async userNames(ids, workflowId) {
      const asked = { p_ids: ids, p_workflow_id: workflowId };
      return (await callDatabase(() => supabase.rpc('user_names', asked), call)) as Record<string, string | null>;
    },
  };
}
