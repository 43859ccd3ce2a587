import type { RouterOutputs } from '../router-types.ts';
import type { ExecutionSummary } from './stream-source.ts';

type Details = RouterOutputs['execution']['getExecution'];

/**
 * Pure: one execution with what a newer row of it tells. What a row and the whole name alike but hold otherwise (`health`, `usual`,
 * `workflow`) stays as it was read.
 */
export function patchDetails(known: Details, row: ExecutionSummary): Details {
  const { health: _, reason: _w, remedy: _r, checkedAt: _c, usual: _u, workflow, ...changed } = row;
  return { ...known, ...changed, workflow: { ...known.workflow, ...workflow } } as Details;
}
