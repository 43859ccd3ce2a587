import type { ExecutionStory } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { createExecutionReader } from '@runledger/execution-service';
import type { Connections } from './connections.ts';

/** How an id ends, as `npm start` and `top` print it. */
const END_OF_ID = /^…?([0-9a-f]{4,12})$/i;
/** The end of an id is looked for among these: what somebody has just seen. */
const NEWEST = 200;

/**
 * The story of what somebody names: a row id, a Temporal workflow id, or the end of the id of one of the newest 200.
 * @throws ExecutionError `not_found`, and `invalid_input` where several ids end like this
 */
export async function findStory(
  { ledger, supabase }: Pick<Connections, 'ledger' | 'supabase'>,
  name: string,
): Promise<ExecutionStory> {
  const exact = await ledger.story(name);
  if (exact) return exact;
  const [, end] = END_OF_ID.exec(name) ?? [];
  const ids = end ? await newestIdsWith(end.toLowerCase(), supabase) : [];
  if (ids.length > 1)
    throw new ExecutionError('invalid_input', `Several ids end with "${end}": ${ids.join(', ')}. Name one of them.`);
  const story = ids[0] ? await ledger.story(ids[0]) : null;
  if (story) return story;
  const among = end ? `, nor one among the newest ${NEWEST} whose id ends like that` : '';
  throw new ExecutionError('not_found', `There is no execution with the row id or workflow id "${name}"${among}.`);
}

async function newestIdsWith(end: string, supabase: Connections['supabase']): Promise<string[]> {
  const reader = createExecutionReader({ asCaller: supabase, asService: supabase });
  const everybody = { userId: '', everybody: true } as const;
  const newest = await reader.list(everybody, {}, { limit: NEWEST, cursor: null });
  return newest.map(({ id }) => id).filter((id) => id.endsWith(end));
}
