import type { HostLedger, UserBatch, UserHoldings, UserLedger, UserSync, WorkflowSync } from '@runledger/contracts';
import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import { createShrinkingBatch } from './shrinking-batch.ts';
import type { Supabase } from './supabase.ts';

type Users = HostLedger & UserLedger;

/** How users come and go, and the host's own definitions with them. */
export function createUsers(supabase: Supabase, call: CallOptions): Users {
  /** What a database cancels for taking too long is tried with less; it has kept nothing of it. */
  const inParts = async <T>(limit: number, part: (size: number) => Promise<unknown>) =>
    (await createShrinkingBatch(limit).run(part)) as T;

  return {
    syncUsers: (limit) =>
      inParts<UserSync>(limit, (p_limit) => callDatabase(() => supabase.rpc('sync_users', { p_limit }), call)),

    syncWorkflows: (limit) =>
      inParts<WorkflowSync>(limit, (p_limit) => callDatabase(() => supabase.rpc('sync_workflows', { p_limit }), call)),

    settleUsers: (limit) =>
      inParts<UserBatch>(limit, (p_limit) => callDatabase(() => supabase.rpc('settle_users', { p_limit }), call)),

    async hostProblems() {
      return (await callDatabase(() => supabase.rpc('host_problems'), call)) as unknown as string[];
    },

    async describeUser(userId) {
      const described = await callDatabase(() => supabase.rpc('describe_user', { p_user: userId }), call);
      return described as unknown as UserHoldings | null;
    },

    forgetUser: (userId, limit) =>
      inParts<UserBatch>(limit, (p_limit) =>
        callDatabase(() => supabase.rpc('forget_user', { p_user: userId, p_limit }), call),
      ),
  };
}
