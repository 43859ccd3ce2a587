import type { ExecutionRow } from '@runledger/contracts';
import { ID_COUNT } from '@runledger/contracts';
import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import type { Supabase } from './supabase.ts';

/** A row of a list as the database has it: of large metadata, its size in bytes alone. */
export interface ListedRow {
  id: string;
  large_metadata?: number | null;
}

/**
 * The first of the rows that together have as many bytes of large metadata as one page may, one at least.
 * @param most `undefined`: as many as there are.
 */
export function withinBytes<Row extends ListedRow>(rows: readonly Row[], most: number | undefined): readonly Row[] {
  if (most === undefined) return rows;
  let bytes = 0;
  const beyond = rows.findIndex(({ large_metadata: large }, at) => {
    bytes += large ?? 0;
    return at > 0 && bytes > most;
  });
  return beyond === -1 ? rows : rows.slice(0, beyond);
}

/** Gives rows the large metadata that they came without: none of one that has been deleted since. */
export async function addLargeMetadata(
  supabase: Supabase,
  { listed, rows, call }: { listed: readonly object[]; rows: readonly ExecutionRow[]; call: CallOptions | undefined },
): Promise<void> {
  const ids = (listed as readonly ListedRow[]).flatMap(({ id, large_metadata: large }) => (large ? [id] : []));
  const read = new Map<string, ExecutionRow['metadata']>();
  for (let start = 0; start < ids.length; start += ID_COUNT) {
    const some = ids.slice(start, start + ID_COUNT);
    const found = await callDatabase(
      () => supabase.from('workflow_executions').select('id,metadata').in('id', some),
      call,
    );
    for (const { id, metadata } of found) read.set(id, metadata as ExecutionRow['metadata']);
  }
  for (const row of rows) row.metadata = read.get(row.id) ?? row.metadata ?? {};
}
