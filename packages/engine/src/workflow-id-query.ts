const literal = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** Visibility's query for the runs of a workflow id: for one run, or for those that started at `since` (ISO 8601) or later. */
export function workflowIdQuery(
  workflowId: string,
  { runId = null, since = null }: { runId?: string | null; since?: string | null },
): string {
  const run = runId === null ? '' : ` AND RunId = ${literal(runId)}`;
  return `WorkflowId = ${literal(workflowId)}${run}${since === null ? '' : ` AND StartTime >= '${since}'`}`;
}
