/** Visibility's query for the runs of a workflow id, of those only that started at `since` (ISO 8601) or later. */
export function workflowIdQuery(workflowId: string, since: string | null): string {
  const literal = workflowId.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  return `WorkflowId = "${literal}"${since ? ` AND StartTime >= '${since}'` : ''}`;
}
