import type { RunledgerClient } from '../client.ts';
import type { RouterInputs } from '../router-types.ts';
import type { ExecutionSummary, LiveChange } from './stream-source.ts';

export type ListInput = Omit<Extract<RouterInputs['execution']['listExecutions'], object>, 'cursor'>;

/** Most ids of one call, and most rows of a page. */
const MOST_IDS = 100;

/**
 * What became of a list while nobody listened: how the rows that it shows stand now, and which of its first page it does not show.
 * The list itself is not read anew, because its rows would move under whoever reads them.
 * @throws what the calls throw
 */
export async function catchUp(
  client: RunledgerClient,
  input: ListInput,
  shown: readonly ExecutionSummary[],
): Promise<{ changes: LiveChange[]; newIds: string[] }> {
  const ids = shown.map(({ id }) => id);
  const chunks = Array.from({ length: Math.ceil(ids.length / MOST_IDS) }, (_, index) =>
    ids.slice(index * MOST_IDS, (index + 1) * MOST_IDS),
  );
  const [first, ...answers] = await Promise.all([
    client.execution.listExecutions.query(input),
    ...chunks.map((chunk) => client.execution.listExecutions.query({ ids: chunk, limit: MOST_IDS, ...scopeOf(input) })),
  ]);
  const changes = answers.flatMap(({ items, nextCursor }, index): LiveChange[] => {
    const there = new Set(items.map(({ id }) => id));
    const gone = nextCursor === null ? (chunks[index] ?? []).filter((id) => !there.has(id)) : [];
    return [...items.map((execution) => ({ execution })), ...gone.map((deletedId) => ({ deletedId }))];
  });
  const known = new Set(ids);
  return { changes, newIds: first.items.flatMap(({ id }) => (known.has(id) ? [] : [id])) };
}

/** Whose executions a list is of: an operator's of everybody finds its rows again only among everybody's. */
const scopeOf = ({ of }: ListInput) => (of === undefined ? {} : { of });
