import type { RedactingWorkflow } from '@runledger/contracts';
import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import type { Supabase } from './supabase.ts';

/** Ids in one address. */
const NAMES_AT_ONCE = 100;

/** Names of workflows by id, and what they redact, whoever owns them: needs the service role. Those that are gone have none. */
export async function readWorkflowNames(
  asService: Supabase,
  ids: readonly string[],
  call: CallOptions,
): Promise<Map<string, RedactingWorkflow>> {
  const names = new Map<string, RedactingWorkflow>();
  for (let rest = [...new Set(ids)]; rest.length > 0; ) {
    const some = rest.slice(0, NAMES_AT_ONCE);
    const rows = await callDatabase(() => asService.from('workflows').select('id,name,redact').in('id', some), call);
    for (const workflow of rows) names.set(workflow.id, workflow);
    // Those not answered are asked for again, unless none was: then they are gone.
    rest = rest.filter((id) => !names.has(id) && (rows.length > 0 || !some.includes(id)));
  }
  return names;
}
