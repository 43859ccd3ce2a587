import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import type { Supabase } from './supabase.ts';

export const isUuid = (text: string): boolean => /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text);

/**
 * A row id first, then the newest execution with that Temporal workflow id, then the one that the row of this id turned out
 * to be; the rule of `runledger_private.find_execution`.
 */
export async function findExecutionId(supabase: Supabase, ref: string, call: CallOptions): Promise<string | null> {
  if (isUuid(ref)) {
    const rows = await callDatabase(() => supabase.from('workflow_executions').select('id').eq('id', ref), call);
    if (rows[0]) return rows[0].id;
  }
  const rows = await callDatabase(
    () =>
      supabase
        .from('workflow_executions')
        .select('id')
        .eq('temporal_workflow_id', ref)
        .order('started_at', { ascending: false })
        .order('id', { ascending: false })
        .limit(1),
    call,
  );
  return rows[0]?.id ?? (isUuid(ref) ? await findMergedInto(supabase, ref, call) : null);
}

/** The execution that another one with this id turned out to be; `null` when there is none. */
export async function findMergedInto(supabase: Supabase, id: string, call: CallOptions): Promise<string | null> {
  const rows = await callDatabase(
    () => supabase.from('execution_transitions').select('execution_id').eq('merged_execution_id', id).limit(1),
    call,
  );
  return rows[0]?.execution_id ?? null;
}
